import { z } from 'zod'
import type { Queryable } from '../platform/db.ts'
import { logAddress, type LogFilter, type ResolvedFilter } from './filter.ts'
import { selectEntries, selectMatchCount, type Entry } from './entries/queries.ts'

const perPage = 50
const maxCount = 1_000

export const PageQuery = z.object({ after: z.uuid().optional().catch(undefined) })

export interface EntryPage {
  entries: Entry[]
  /** The entry after which the older page starts, and the one for the newer page; '' means the first page. */
  older?: string
  newer?: string
}

/** One page of matching entries, newest first, with the neighbouring pages. */
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

/** "1,306 entries match". Beyond a thousand, or with a text, they are not counted, since that takes too long. */
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
      : await selectMatchCount(db, search, maxCount + 1)
  if (counted === 1) return '1 entry matches'
  if (counted !== undefined && counted <= maxCount) return `${counted.toLocaleString('en')} entries match`
  return `More than ${search.text ? perPage : maxCount.toLocaleString('en')} entries match`
}

/** The addresses of the neighbouring pages. */
export interface Neighbours {
  older: string | null
  newer: string | null
}

export function pageLinks(path: string, filter: LogFilter, { older, newer }: EntryPage): Neighbours {
  const to = (after: string) => logAddress(path, filter, { after })
  return { older: older === undefined ? null : to(older), newer: newer === undefined ? null : to(newer) }
}
