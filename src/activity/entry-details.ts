import { writtenAddress } from '../platform/email-address.ts'
import { describeFilter } from './describe-filter.ts'
import { describeReason } from './describe-reason.ts'
import { eventLabel } from './event-label.ts'
import type { Entry } from './entries/queries.ts'

/** A name, its value, and more on a separate line. */
interface Detail {
  name: string
  value: string
  more?: string
}

/** All details of an entry. */
export function entryDetails(entry: Entry): Detail[] {
  const { actor_id, impersonator_id, subject_id } = entry
  const all: Detail[] = [
    { name: 'Entry', value: Number(entry.seq).toLocaleString('en'), more: entry.id },
    { name: 'Time, UTC', value: entry.at.toISOString() },
    { name: 'Event', value: [entry.category, entry.event, entry.method].filter(Boolean).join(', ') },
    who('Actor', entry.actor_name, entry.actor_email, actor_id),
    who('Impersonator', entry.impersonator_name, entry.impersonator_email, impersonator_id),
    who('About', entry.subject_name, entry.subject_email, subject_id),
    { name: 'IP address', value: entry.ip ?? '' },
    { name: 'Browser', value: entry.user_agent ?? '' },
    { name: 'Reference', value: entry.request_id ?? '' },
    ...Object.entries(entry.details).map(([name, value]) => ({
      name: eventLabel(name),
      value: valueText(entry, name, value),
    })),
    { name: 'Hash', value: entry.hash },
  ]
  return all.filter(({ value }) => value !== '')
}

const who = (label: string, name: string | null, email: string | null, id: string | null): Detail => ({
  name: label,
  value: [name, email && writtenAddress(email)].filter(Boolean).join(', '),
  more: id ?? undefined,
})

function valueText({ event, details }: Entry, name: string, value: unknown): string {
  if (value === null) return ''
  if (name === 'reason' || name === 'fault') return describeReason(event, details)
  if (name === 'filter') return describeFilter(value as Record<string, string>) || 'None'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
