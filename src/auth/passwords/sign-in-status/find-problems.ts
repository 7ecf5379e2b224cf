import { device } from '../../../activity/device.ts'
import { counted } from '../../../platform/counted.ts'
import { writtenAddress } from '../../../platform/email-address.ts'
import { hasNoPassword } from '../../../people/status-transitions.ts'
import type { UserRow } from '../../../people/queries.ts'
import type { SignInFacts } from './queries.ts'
import type { SignInProblem } from './reason-texts.ts'

/** What one look at a person finds: nothing, or the problem. */
type Look = (user: UserRow, facts: SignInFacts, seesFrom: boolean) => SignInProblem | null

/**
 * Everything that is in the way of a person who signs in, the most important first; at least one, which may say that
 * nothing is. First what no password and no unlocking helps against, then what only a new password helps against, then
 * the wait, then what follows a sign-in that succeeds. `seesFrom`: the viewer may see from where attempts came.
 */
export function findSignInProblems(user: UserRow, facts: SignInFacts, seesFrom: boolean): SignInProblem[] {
  const found = looks.flatMap((look) => look(user, facts, seesFrom) ?? [])
  return found.length > 0 ? found : [nothingWrong(user)]
}

const iso = (date: Date | null): string => date?.toISOString() ?? ''

const status: Look = (user, { now, invited, invitation_expires_at: expiresAt }) => {
  const since = iso(user.status_changed_at)
  if (user.status === 'blocked') return { code: 'blocked', since }
  if (user.status === 'inactive') return { code: 'inactive', since }
  if (user.status !== 'invited') return null
  if (!invited) return { code: 'invitation_missing' }
  if (!expiresAt) return { code: 'invitation_waiting' }
  return { code: expiresAt > now ? 'invitation_open' : 'invitation_expired', expires: iso(expiresAt) }
}

const removedPassword: Look = (user) =>
  user.has_password || hasNoPassword(user) ? null : { code: 'no_password' }

const disabled: Look = (_user, facts) => {
  const { disabled_on_new: onNew, disabled_on_own: onOwn, has_own_browser: hasOwn } = facts
  const failures = facts.disabled_failures ?? 0
  if (onNew && (onOwn || !hasOwn)) return { code: 'password_disabled', failures }
  if (onNew) return { code: 'password_disabled_on_new_browsers', failures }
  return onOwn ? { code: 'password_disabled_on_own_browser', failures } : null
}

const temporaryExpired: Look = ({ temporary_password_expires_at: expiresAt, ...user }, { now }) =>
  expiresAt && (expiresAt <= now || user.temporary_password_expired_at)
    ? { code: 'temporary_password_expired', expires: iso(expiresAt) }
    : null

const locked: Look = (_user, facts) => {
  const { locked_on_new: onNew, locked_on_own: onOwn, has_own_browser: hasOwn } = facts
  const how = { failures: facts.locked_failures ?? 0, until: iso(facts.locked_until) }
  if (onNew && (onOwn || !hasOwn)) return { code: 'locked', ...how }
  if (onNew) return { code: 'locked_on_new_browsers', ...how }
  return onOwn ? { code: 'locked_on_own_browser', ...how } : null
}

const temporary: Look = (user, facts, seesFrom) => {
  const { temporary_password_expires_at: expiresAt, last_sign_in_at: signedIn } = user
  if (!expiresAt || temporaryExpired(user, facts, seesFrom)) return null
  const expires = iso(expiresAt)
  if (!user.email_verified_at)
    return { code: 'temporary_password_unverified', expires, email: writtenAddress(user.email) }
  return signedIn && user.password_changed_at && signedIn > user.password_changed_at
    ? { code: 'temporary_password_used', expires, at: iso(signedIn) }
    : { code: 'temporary_password_unused', expires }
}

const passwordExpired: Look = ({ password_expired_at: since }) =>
  since && { code: 'password_expired', since: iso(since) }

/** Invited people verify it by accepting. A valid temporary password says it itself. */
const unverified: Look = (user, facts, seesFrom) =>
  user.email_verified_at || user.status === 'invited' || temporary(user, facts, seesFrom)
    ? null
    : { code: 'email_unverified', email: writtenAddress(user.email) }

const bounced: Look = (_user, { bounced_at: at, bounce_answer: answer }) =>
  at && { code: 'email_bounced', at: iso(at), answer: answer ?? '' }

const attemptsFailed: Look = (_user, { failed, failed_at, failed_ip, failed_user_agent }, seesFrom) => {
  if (failed === 0) return null
  const where = [device(failed_user_agent), failed_ip && `(${failed_ip})`].filter(Boolean).join(' ')
  return {
    code: 'attempts_failed',
    attempts: counted(failed, 'attempt'),
    at: iso(failed_at),
    from: seesFrom ? ` from ${where}` : '',
  }
}

/** In the order of their importance. What a second step asks for comes before `bounced`. */
const looks: Look[] = [
  status,
  removedPassword,
  disabled,
  temporaryExpired,
  locked,
  temporary,
  passwordExpired,
  unverified,
  bounced,
  attemptsFailed,
]

const nothingWrong = ({ last_sign_in_at: at }: UserRow): SignInProblem =>
  at ? { code: 'can_sign_in', at: iso(at) } : { code: 'never_signed_in' }
