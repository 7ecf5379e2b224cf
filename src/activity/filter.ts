import { z } from 'zod'
import { canonicalAddress } from '../platform/ip-address.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { textField, optionalField } from '../platform/web/form.ts'
import {
  allEventTypes,
  categories,
  eventTypes,
  eventTypesOf,
  type Category,
  type EventType,
} from './event-types.ts'

/** The text filter looks past the signs that JSON puts round values, as activity_text() of the database does. */
export const stripJsonPunctuation = (words: string): string => words.replace(/[[\]{}",\\]/g, '')

const words = textField
  .transform(plainName)
  .refine((typed) => typed.length <= 200, 'Use at most 200 characters.')

const aDay = 'Give a day as year-month-day, such as 2026-03-09.'
const day = z.iso.date(aDay).refine((typed) => typed >= '1970', aDay)

/** What the address of the log may hold. Whatever cannot be read is told beside its field, never passed over. */
export const LogQuery = z.object({
  category: optionalField(z.enum(Object.keys(categories) as Category[], 'Choose one of the list.')),
  event: optionalField(z.enum(allEventTypes, 'Choose one of the list.')),
  actor: optionalField(words),
  about: optionalField(words),
  from: optionalField(day),
  to: optionalField(day),
  ip: optionalField(
    textField.transform((typed, at) => {
      const address = canonicalAddress(typed)
      if (address === undefined) at.addIssue('Give one whole address, such as 203.0.113.24.')
      return address ?? z.NEVER
    }),
  ),
  q: optionalField(words.refine((typed) => stripJsonPunctuation(typed) !== '', 'Type a letter or a digit.')),
})
export type LogFilter = z.output<typeof LogQuery>

/** A filter as the database is asked: people by id, days by the numbers of the entries in them. */
export interface ResolvedFilter {
  eventTypes?: EventType[]
  actors?: string[]
  subjects?: string[]
  /** One address, in each spelling that the log has of it. */
  ips?: string[]
  text?: string
  /** A part of the text that a few people bear, and no more do: the index is asked for it alone. */
  selectiveTerm?: string
  /** Numbers of entries: from the first, before the last. */
  first?: string
  beyond?: string
  /** The team whose people alone may be read about, when the viewer's role reaches no further. */
  team?: string
}

/** The kinds of event that a category and an event leave; undefined when neither is given. */
export function eventTypesIn({ category, event }: LogFilter): EventType[] | undefined {
  if (!event) return category && eventTypesOf(category)
  return !category || eventTypes[event] === category ? [event] : []
}

/** The address of a view of the log with some filters changed, so that it can be sent to a colleague. */
export function logAddress(
  path: string,
  filter: LogFilter,
  changes: Record<string, string | undefined> = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, ...changes })) if (value) query.set(name, value)
  return query.size ? `${path}?${query.toString()}` : path
}

/** Everybody's address ends alike, so a whole one is looked for by what comes before the @. */
export function localPartOf(text: string): string {
  const name = text.split('@')[0] ?? ''
  return name.length >= 3 ? name : text
}
