import { z } from 'zod'
import { canonicalAddress } from '../platform/ip-address.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { textField, optionalField } from '../platform/web/form.ts'
import { categories, type Category } from './event-label.ts'
import { allEventTypes, eventTypes, eventTypesOf, type EventType } from './event-types.ts'

/** Removes JSON's punctuation around values from the text filter, as activity_text() of the database does. */
export const stripJsonPunctuation = (words: string): string => words.replace(/[[\]{}",\\]/g, '')

const words = textField
  .transform(plainName)
  .refine((typed) => typed.length <= 200, 'Use at most 200 characters.')

const aDay = 'Enter a day as year-month-day, such as 2026-03-09.'
const day = z.iso.date(aDay).refine((typed) => typed >= '1970', aDay)

/** The query of the log's address. Each invalid value is an error next to its field; none is ignored. */
export const LogQuery = z.object({
  category: optionalField(z.enum(Object.keys(categories) as Category[], 'Choose an option.')),
  event: optionalField(z.enum(allEventTypes, 'Choose an option.')),
  actor: optionalField(words),
  about: optionalField(words),
  from: optionalField(day),
  to: optionalField(day),
  ip: optionalField(
    textField.transform((typed, at) => {
      const address = canonicalAddress(typed)
      if (address === undefined) at.addIssue('Enter one whole address, such as 203.0.113.24.')
      return address ?? z.NEVER
    }),
  ),
  q: optionalField(words.refine((typed) => stripJsonPunctuation(typed) !== '', 'Enter a word or a number.')),
})
export type LogFilter = z.output<typeof LogQuery>

/** A filter for the database: people by id, days as ranges of sequence numbers. */
export interface ResolvedFilter {
  eventTypes?: EventType[]
  actors?: string[]
  subjects?: string[]
  /** One address, in each spelling that the log contains. */
  ips?: string[]
  text?: string
  /** A part of the text that only a few people's names contain: only this part is searched in the index. */
  selectiveTerm?: string
  /** Sequence numbers: from the first, before the last. */
  first?: string
  beyond?: string
  /** The team whose people the viewer may read about, if the role is limited to it. */
  team?: string
}

/** The event types of a category and an event; undefined if neither is given. */
export function eventTypesIn({ category, event }: LogFilter): EventType[] | undefined {
  if (!event) return category && eventTypesOf(category)
  return !category || eventTypes[event] === category ? [event] : []
}

/** The address of the log with this filter, so that it can be sent to a colleague. */
export function logAddress(
  path: string,
  filter: LogFilter,
  changes: Record<string, string | undefined> = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, ...changes })) if (value) query.set(name, value)
  return query.size ? `${path}?${query.toString()}` : path
}

/** Most addresses share a domain, so a whole one is searched for by the part before the @. */
export function localPartOf(text: string): string {
  const name = text.split('@')[0] ?? ''
  return name.length >= 3 ? name : text
}
