import { day } from '../platform/web/dates.ts'
import { categories } from './event-label.ts'

/** Describes a filter: "Security events, by Sam Field, from 1 Mar 2026 to 9 Mar 2026". Empty for no filter. */
export function describeFilter(filter: Record<string, string | undefined>): string {
  const { category, event, actor, about, from, to, ip, q } = filter
  const named: Record<string, string> = categories
  const parts = [
    category && (named[category] ?? category),
    event?.replaceAll('_', ' '),
    actor && `by ${actor}`,
    about && `about ${about}`,
    days(from, to),
    ip && `IP ${ip}`,
    q && `with the text “${q}”`,
  ]
  const words = parts.filter(Boolean).join(', ')
  return words && `${words[0]?.toUpperCase()}${words.slice(1)}`
}

function days(from: string | undefined, to: string | undefined): string {
  if (from && from === to) return `on ${dayOf(from)}`
  return [from && `from ${dayOf(from)}`, to && `${from ? 'to' : 'until'} ${dayOf(to)}`]
    .filter(Boolean)
    .join(' ')
}

const dayOf = (date: string): string => (Number.isNaN(Date.parse(date)) ? date : day(new Date(date), 'UTC'))
