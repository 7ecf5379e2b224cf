import { firstName } from '../platform/person-names.ts'
import type { Evaluated } from './change-status.ts'
import type { ChangeName, Reason, Status } from './status-transitions.ts'

interface StatusText {
  label: string
  icon: string
  /** After a number: "37 activated". */
  done: string
  /** The state of people it would not change. */
  already: string
  /** The consequences. */
  follows: string
}

/** The texts of each change. */
export const statusTexts: Record<ChangeName, StatusText> = {
  activate: {
    label: 'Activate',
    icon: 'circle-check',
    done: 'activated',
    already: 'active already',
    follows: 'They can sign in again with their password. A change of status never changes it.',
  },
  deactivate: {
    label: 'Deactivate',
    icon: 'circle-pause',
    done: 'deactivated',
    already: 'inactive already',
    follows:
      'They are signed out everywhere and can’t sign in until they are activated again. Their password does not change.',
  },
  block: {
    label: 'Block',
    icon: 'ban',
    done: 'blocked',
    already: 'blocked already',
    follows:
      'They are signed out everywhere and can’t sign in until they are unblocked. Their password does not change.',
  },
  unblock: {
    label: 'Unblock',
    icon: 'circle-check',
    done: 'unblocked',
    already: 'not blocked',
    follows:
      'They become active and can sign in with the password they had. People who never chose one are invited, as before, and need a new invitation.',
  },
}

/** Why a person is skipped, in a few words: "2 skipped: blocked". */
export function skipLabel(change: ChangeName, reason: Reason): string {
  const labels: Record<Reason, string> = {
    same: statusTexts[change].already,
    unblocked: statusTexts[change].already,
    blocked: 'blocked',
    invited: 'invited',
    beyond: 'outside your access',
    self: 'yourself',
    owner: 'the last active Owner',
  }
  return labels[reason]
}

/** Why a person is skipped, in a sentence that says what to do instead. */
export function skipExplanation(change: ChangeName, reason: Reason): string {
  const explanations: Record<Reason, string> = {
    same: `They are ${statusTexts[change].already}`,
    unblocked: 'They are not blocked',
    blocked: 'Blocked people stay blocked: unblock them first',
    invited:
      change === 'activate'
        ? 'Invited people become active by choosing their first password'
        : 'Invited people can’t sign in yet; to take an invitation back, block them',
    beyond: 'They are outside your access: in another team, or with permissions that you don’t have',
    self: 'This is you: no one can change their own status',
    owner: 'There is always at least one active Owner',
  }
  return explanations[reason]
}

/** "2 skipped: blocked", or "3 skipped: 2 blocked, 1 outside your access". */
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

/** The message after one person's status has changed. */
export function statusChangedMessage(
  { name, has_password }: { name: string; has_password: boolean },
  to: Status,
): [title: string, text: string] {
  const first = firstName(name)
  const messages: Record<Status, [string, string]> = {
    active: [
      `${name} is active`,
      has_password
        ? `${first} can sign in again with their password. A change of status never changes it.`
        : `${first} has no valid password at the moment: send a reset link.`,
    ],
    inactive: [
      `${name} is inactive`,
      `${first} is signed out everywhere and can’t sign in until activated again. The password does not change.`,
    ],
    blocked: [
      `${name} is blocked`,
      `${first} is signed out everywhere and can’t sign in until unblocked. The password does not change.`,
    ],
    invited: [
      `${name} is unblocked, and invited as before`,
      `${first} has no password yet, and the old invitation no longer works: send a new one.`,
    ],
  }
  return messages[to]
}
