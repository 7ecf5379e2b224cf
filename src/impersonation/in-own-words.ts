import type { Person } from '../access/actor.ts'

/** Why it ended, as whoever comes back reads it: of themself as “you”, of the other by name. */
export function inOwnWords(why: string, own: Person, as: Person): string {
  if (own.name === as.name) return why
  const yours: Record<string, string> = {
    [`${own.name} may no longer work as ${as.name}`]: `You may no longer work as ${as.name}`,
    [`The password of ${own.name} was changed`]: 'Your password was changed',
    [`The account of ${own.name} was changed`]: 'Your account was changed',
  }
  return yours[why] ?? why
}
