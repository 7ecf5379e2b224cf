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

/** How many entries match; or more than how many, where counting them all would take too long. */
export type Matches = { count: number } | { moreThan: number }

/** Counts what matches. Beyond a thousand, or with a text, it is not counted, since that takes too long. */
export async function countMatches(
  db: Queryable,
  search: ResolvedFilter,
  { entries, older, newer }: EntryPage,
): Promise<Matches> {
  const onePage = older === undefined && newer === undefined
  const counted = onePage
    ? entries.length
    : search.text
      ? undefined
      : await selectMatchCount(db, search, maxCount + 1)
  if (counted !== undefined && counted <= maxCount) return { count: counted }
  return { moreThan: search.text ? perPage : maxCount }
}

/** "1,306 entries match" or "More than 1,000 of 5,079 entries match", if it is known how many there are in all. */
export function matchLabel(matches: Matches, total: number | undefined): string {
  if ('count' in matches)
    return matches.count === 1 ? '1 entry matches' : `${matches.count.toLocaleString('en')} entries match`
  const all = total === undefined ? '' : ` of ${total.toLocaleString('en')}`
  return `More than ${matches.moreThan.toLocaleString('en')}${all} entries match`
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
