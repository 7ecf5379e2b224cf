import type { Target } from '../access/actor.ts'
import { can } from '../access/can.ts'
import type { EventType } from '../activity/event-types.ts'

/** What each status means for whoever has it. Only `active` signs in. */
export const statuses = {
  invited: 'has no password yet',
  active: 'can sign in',
  inactive: 'is off season and can’t sign in',
  blocked: 'is shut out',
} as const
export type Status = keyof typeof statuses

interface Change {
  from: readonly Status[]
  to: (person: { hadPassword: boolean }) => Status
  event: EventType
}

/**
 * Which changes there are, and from which status. A password plays no part but one: whoever is let back in without ever
 * having had one is invited, as before. An account that was in use is never invited again, since whoever may move the
 * address of an invited person chooses who gets the invitation. Whoever was off season when blocked comes back active.
 */
export const changes = {
  activate: { from: ['inactive'], to: () => 'active', event: 'user_activated' },
  deactivate: { from: ['active'], to: () => 'inactive', event: 'user_deactivated' },
  block: { from: ['active', 'inactive', 'invited'], to: () => 'blocked', event: 'user_blocked' },
  unblock: {
    from: ['blocked'],
    to: ({ hadPassword }) => (hadPassword ? 'active' : 'invited'),
    event: 'user_unblocked',
  },
} as const satisfies Record<string, Change>
export type ChangeName = keyof typeof changes
export const changeNames = Object.keys(changes) as ChangeName[]

/** The change that brings somebody from one status to another: to be let in again means another thing for the blocked. */
export function changeTowards(wanted: 'active' | 'inactive' | 'blocked', now: Status): ChangeName {
  if (wanted === 'blocked') return 'block'
  if (wanted === 'inactive') return 'deactivate'
  return now === 'blocked' ? 'unblock' : 'activate'
}

export interface StatusSubject extends Target {
  status: Status
  /** Ever, even if it was taken out of use since. */
  hadPassword: boolean
}

/** Invited, or blocked while they were (see changes): they come in by an invitation, and by no password that others made. */
export const hasNoPassword = (user: { status: Status; had_password: boolean }): boolean =>
  user.status === 'invited' || !user.had_password

/** Why a change passes somebody over. */
export type Reason = 'same' | 'blocked' | 'unblocked' | 'invited' | 'beyond' | 'self' | 'owner'
export type Decision = { to: Status } | { reason: Reason }

/** What a change would do to somebody, or why it does nothing; whether an Owner is left is for the deed to see. */
export function evaluateChange(actor: Target, name: ChangeName, person: StatusSubject): Decision {
  const { from, to }: Change = changes[name]
  if (person.id === actor.id) return { reason: 'self' }
  if (!can(actor, 'users.manage', person)) return { reason: 'beyond' }
  if (from.includes(person.status)) return { to: to(person) }
  if (name === 'unblock') return { reason: 'unblocked' }
  if (person.status === to(person)) return { reason: 'same' }
  return { reason: person.status === 'blocked' ? 'blocked' : 'invited' }
}
