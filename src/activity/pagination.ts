import { z } from 'zod'
import type { Queryable } from '../platform/db.ts'
import { logAddress, type LogFilter, type ResolvedFilter } from './filter.ts'
import { selectEntries, selectMatchCount, type Entry } from './entries/queries.ts'

const perPage = 50
const countedTo = 1_000

export const PageQuery = z.object({ after: z.uuid().optional().catch(undefined) })

export interface EntryPage {
  entries: Entry[]
  /** The entry after which the older page begins; the one after which the newer does, '' for the first page. */
  older?: string
  newer?: string
}

/** One page of what a search finds, newest first, and the ways on from it. */
export async function entryPage(
  db: Queryable,
  search: ResolvedFilter,
  after: string | undefined,
): Promise<EntryPage> {
  const found = await selectEntries(db, search, { older: after }, perPage + 1)
  const entries = found.slice(0, perPage)
  const older = found.length > perPage ? entries.at(-1)?.id : undefined
  if (!after) return { entries, older }
  const first = entries[0]
  const newer = first ? await selectEntries(db, search, { newer: first.id }, perPage + 1) : []
  return { entries, older, newer: newer[perPage]?.id ?? '' }
}

/** "1,306 entries match"; beyond a thousand, and with a text, they are not counted, since that takes long. */
export async function countLabel(
  db: Queryable,
  search: ResolvedFilter,
  { entries, older, newer }: EntryPage,
): Promise<string> {
  const onePage = older === undefined && newer === undefined
  const counted = onePage
    ? entries.length
    : search.text
      ? undefined
      : await selectMatchCount(db, search, countedTo + 1)
  if (counted === 1) return '1 entry matches'
  if (counted !== undefined && counted <= countedTo) return `${counted.toLocaleString('en')} entries match`
  return `More than ${search.text ? perPage : countedTo.toLocaleString('en')} entries match`
}

/** The addresses of the pages beside this one. */
export function pageLinks(path: string, filter: LogFilter, { older, newer }: EntryPage) {
  const to = (after: string) => logAddress(path, filter, { after })
  return { older: older === undefined ? null : to(older), newer: newer === undefined ? null : to(newer) }
}
