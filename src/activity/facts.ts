import { writtenAddress } from '../foundation/email-address.ts'
import { filterInWords } from './filter-words.ts'
import { kindInWords } from './kinds.ts'
import type { Entry } from './reading/queries.ts'

/** A name, what it is, and more of it on a line of its own. */
interface Fact {
  name: string
  value: string
  more?: string
}

/** All that is known of an entry, for whoever wants it whole. */
export function factsOf(entry: Entry): Fact[] {
  const { actor_id, impersonator_id, subject_id } = entry
  const all: Fact[] = [
    { name: 'Entry', value: Number(entry.seq).toLocaleString('en'), more: entry.id },
    { name: 'Time, UTC', value: entry.at.toISOString() },
    { name: 'Event', value: [entry.category, entry.event, entry.method].filter(Boolean).join(', ') },
    who('Actor', entry.actor_name, entry.actor_email, actor_id),
    who('Person behind it', entry.impersonator_name, entry.impersonator_email, impersonator_id),
    who('About', entry.subject_name, entry.subject_email, subject_id),
    { name: 'IP address', value: entry.ip ?? '' },
    { name: 'Browser', value: entry.user_agent ?? '' },
    { name: 'Reference', value: entry.request_id ?? '' },
    ...Object.entries(entry.details).map(([name, value]) => ({
      name: kindInWords(name),
      value: asWords(name, value),
    })),
    { name: 'Hash', value: entry.hash },
  ]
  return all.filter(({ value }) => value !== '')
}

const who = (fact: string, name: string | null, email: string | null, id: string | null): Fact => ({
  name: fact,
  value: [name, email && writtenAddress(email)].filter(Boolean).join(', '),
  more: id ?? undefined,
})

function asWords(name: string, value: unknown): string {
  if (value === null) return ''
  if (name === 'filter') return filterInWords(value as Record<string, string>) || 'None'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
