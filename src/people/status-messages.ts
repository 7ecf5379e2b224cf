import { firstName } from '../platform/person-names.ts'
import type { Evaluated } from './change-status.ts'
import type { ChangeName, Reason, Status } from './status-transitions.ts'

interface Words {
  label: string
  icon: string
  /** What has been done to so many: "37 activated". */
  done: string
  /** What is so already of those whom it would not change. */
  already: string
  /** What follows for them, and what does not. */
  follows: string
}

/** Each change as people read it. */
export const statusTexts: Record<ChangeName, Words> = {
  activate: {
    ...{ label: 'Activate', icon: 'circle-check', done: 'activated', already: 'active already' },
    follows: 'They can sign in again, with the password they have: a change of status never changes it.',
  },
  deactivate: {
    ...{ label: 'Deactivate', icon: 'circle-pause', done: 'deactivated', already: 'inactive already' },
    follows:
      'They are signed out everywhere and can’t sign in until they are activated again. Their password stays as it is.',
  },
  block: {
    ...{ label: 'Block', icon: 'ban', done: 'blocked', already: 'blocked already' },
    follows:
      'They are signed out everywhere and shut out until they are unblocked. Their password stays as it is.',
  },
  unblock: {
    ...{ label: 'Unblock', icon: 'circle-check', done: 'unblocked', already: 'not blocked' },
    follows:
      'They become active and can sign in with the password they had. Whoever never chose one is invited, as before, and needs a new invitation.',
  },
}

/** Why somebody is passed over, in a few words: "2 skipped: blocked". */
export function skipLabel(change: ChangeName, reason: Reason): string {
  const short: Record<Reason, string> = {
    same: statusTexts[change].already,
    unblocked: statusTexts[change].already,
    ...{ blocked: 'blocked', invited: 'invited', beyond: 'beyond your reach', self: 'yourself' },
    owner: 'the last active Owner',
  }
  return short[reason]
}

/** The same as a whole sentence, that says what to do instead. */
export function skipExplanation(change: ChangeName, reason: Reason): string {
  const long: Record<Reason, string> = {
    same: `They are ${statusTexts[change].already}`,
    unblocked: 'They are not blocked',
    blocked: 'Blocked people stay blocked: unblock them first',
    invited:
      change === 'activate'
        ? 'Invited people become active by choosing their first password'
        : 'Invited people can’t sign in yet; to take an invitation back, block them',
    beyond: 'They are beyond your reach: in another team, or they hold rights that you lack',
    self: 'You yourself: nobody changes their own status',
    owner: 'There is always at least one active Owner',
  }
  return long[reason]
}

/** "2 skipped: blocked", or "3 skipped: 2 blocked, 1 beyond your reach". */
export function skippedSummary(change: ChangeName, skipped: Evaluated['skipped'], gone: number): string {
  const reasons = tally(skipped.map(({ reason }) => skipLabel(change, reason)))
  if (gone > 0) reasons.push(['no longer there', gone])
  const count = skipped.length + gone
  if (count === 0) return ''
  const [only] = reasons
  const why = reasons.length === 1 ? only?.[0] : reasons.map(([word, n]) => `${n} ${word}`).join(', ')
  return `${count.toLocaleString('en')} skipped: ${why}`
}

const tally = (all: string[]): [string, number][] => {
  const counts = new Map<string, number>()
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts]
}

/** What the office is told of one person's new status. */
export function statusChangedMessage(
  { name, has_password }: { name: string; has_password: boolean },
  to: Status,
): [title: string, text: string] {
  const first = firstName(name)
  const told: Record<Status, [string, string]> = {
    active: [
      `${name} is active`,
      has_password
        ? `${first} can sign in again, with the password they have: a change of status never changes it.`
        : `${first} has no password at the moment, since theirs was taken out of use: send a reset link.`,
    ],
    inactive: [
      `${name} is inactive`,
      `${first} is signed out everywhere and can’t sign in until activated again. The password stays as it is.`,
    ],
    blocked: [
      `${name} is blocked`,
      `${first} is signed out everywhere and shut out until unblocked. The password stays as it is.`,
    ],
    invited: [
      `${name} is unblocked, and invited as before`,
      `${first} has no password yet, and the old invitation no longer works: send a new one.`,
    ],
  }
  return told[to]
}
