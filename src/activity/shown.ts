import { longDay } from '../foundation/web/dates.ts'
import { device } from './device.ts'
import type { Entry } from './queries.ts'
import { tell } from './sentence.ts'

/** An entry made ready for a page. */
export function shown(entry: Entry) {
  const { id, at, event, method } = entry
  const where = { ip: entry.ip, device: device(entry.user_agent) }
  return { id, at, event, method, ...tell(entry), where, facts: facts(entry) }
}
export type Shown = ReturnType<typeof shown>

/** Entries under the day on which they happened, in the time of the company. */
export function byDay(entries: Entry[], timeZone: string) {
  const days: { label: string; entries: Shown[] }[] = []
  for (const entry of entries) {
    const label = longDay(entry.at, timeZone)
    if (days.at(-1)?.label !== label) days.push({ label, entries: [] })
    days.at(-1)?.entries.push(shown(entry))
  }
  return days
}

/** All that is known of it, for whoever wants it to the letter. */
function facts(entry: Entry): [string, string][] {
  const who = (name: string | null, email: string | null, id: string | null) =>
    id === null ? '' : [name, email, id].filter(Boolean).join(', ')
  const all: [string, string | null][] = [
    ['Entry', `${entry.seq}, ${entry.id}`],
    ['Time, UTC', entry.at.toISOString()],
    ['Event', [entry.category, entry.event, entry.method].filter(Boolean).join(', ')],
    ['Actor', who(entry.actor_name, entry.actor_email, entry.actor_id)],
    ['Person behind it', who(entry.impersonator_name, entry.impersonator_email, entry.impersonator_id)],
    ['About', who(entry.subject_name, entry.subject_email, entry.subject_id)],
    ['IP address', entry.ip],
    ['Browser', entry.user_agent],
    ['Reference', entry.request_id],
    ...Object.entries(entry.details).map(([name, value]): [string, string] => [name, asWords(value)]),
    ['Hash', entry.hash],
  ]
  return all.filter((fact): fact is [string, string] => Boolean(fact[1]))
}

const asWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
