import type { Target } from '../access/actor.ts'
import { can } from '../access/can.ts'
import type { EventType } from '../activity/event-types.ts'

/** What each status means. Only active people can sign in. */
export const statuses = {
  invited: 'has no password yet',
  active: 'can sign in',
  inactive: 'is not working at the moment and can’t sign in',
  blocked: 'is blocked and can’t sign in',
} as const
export type Status = keyof typeof statuses

interface Change {
  from: readonly Status[]
  to: (person: { hadPassword: boolean }) => Status
  event: EventType
}

/**
 * The changes of status, and the statuses they start from. Unblocked people who never had a password become invited, as
 * before. An account that was in use is never invited again: someone who may change the email address of an invited
 * person decides who gets the invitation. People who were inactive when blocked become active.
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

/** The change that leads to a status. For blocked people, becoming active means to be unblocked. */
export function changeTowards(wanted: 'active' | 'inactive' | 'blocked', now: Status): ChangeName {
  if (wanted === 'blocked') return 'block'
  if (wanted === 'inactive') return 'deactivate'
  return now === 'blocked' ? 'unblock' : 'activate'
}

export interface StatusSubject extends Target {
  status: Status
  /** Ever, even if the password is no longer valid. */
  hadPassword: boolean
}

/** Invited, or blocked while invited (see `changes`): they need an invitation, not a password set by others. */
export const hasNoPassword = (user: { status: Status; had_password: boolean }): boolean =>
  user.status === 'invited' || !user.had_password

/** Why a change skips a person. `beyond`: outside the actor's access. */
export type Reason = 'same' | 'blocked' | 'unblocked' | 'invited' | 'beyond' | 'self' | 'owner'
export type Decision = { to: Status } | { reason: Reason }

/** What a change would do to a person, or why it skips them. The action checks that an Owner is left. */
export function evaluateChange(actor: Target, name: ChangeName, person: StatusSubject): Decision {
  const { from, to }: Change = changes[name]
  if (person.id === actor.id) return { reason: 'self' }
  if (!can(actor, 'users.manage', person)) return { reason: 'beyond' }
  if (from.includes(person.status)) return { to: to(person) }
  if (name === 'unblock') return { reason: 'unblocked' }
  if (person.status === to(person)) return { reason: 'same' }
  return { reason: person.status === 'blocked' ? 'blocked' : 'invited' }
}
