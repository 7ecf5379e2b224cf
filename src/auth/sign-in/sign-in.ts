import type { RequestContext } from '../../access/actor.ts'
import { detailsOfReason } from '../../activity/describe-reason.ts'
import type { Event } from '../../activity/event-types.ts'
import type { reasonTexts } from '../../activity/reason-texts.ts'
import { record } from '../../activity/record.ts'
import type { Company } from '../../company/queries.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import type { Reason } from '../../platform/reason.ts'
import type { Hasher } from '../passwords/hash.ts'
import { rehashIfOutdated } from '../passwords/rehash.ts'
import type { AttemptResult, LoginAttempts } from '../passwords/login-attempts.ts'
import { maxFailures } from '../passwords/queries.ts'
import { startSession } from '../sessions/start-session.ts'
import { isKnown, noteDevice, type DeviceCookie } from '../sessions/devices/known-device.ts'
import type { SignInForm } from './forms.ts'
import { newDeviceEmail } from './emails.ts'
import { uncounted, type NetworkLimits } from './limits.ts'
import { selectIsFlood, selectOptionalAccount, updateLastSignIn, type Account } from './queries.ts'

export interface SignInServices {
  db: Db
  hasher: Hasher
  loginAttempts: LoginAttempts
  limits: NetworkLimits
  loadCompany: () => Promise<Company>
  lockCompany: (tx: Tx) => Promise<Company>
  /** Whether the app is reached by https. It decides the names of cookies and whether they are bound to https. */
  https: boolean
}

export type SignInResult =
  | { kind: 'signed in'; sessionId: string; endsAt: Date }
  | { kind: 'wrong' }
  | { kind: 'expired' }
  | { kind: 'throttled'; retryAfter: number }

/**
 * Checks an email and a password and starts a session. Unknown, wrong, blocked, inactive and invited get the same
 * answer after the same work: a hash is verified and an event recorded. For a browser that the account was used
 * with before, the network’s limit neither counts nor applies. (ASVS 6.3.1, 6.3.8; NIST SP 800-63B-4 §3.2.2)
 */
export async function signIn(
  services: SignInServices,
  by: RequestContext<null>,
  form: SignInForm,
  device: DeviceCookie,
): Promise<SignInResult> {
  const { db, hasher, loginAttempts, limits } = services
  const [known, account] = await Promise.all([
    isKnown(db, form.email, device),
    selectOptionalAccount(db, form.email),
  ])
  const counted = known ? uncounted : await limits.take(by.ip, form.email)
  if ('wait' in counted) return { kind: 'throttled', retryAfter: counted.wait }
  const verify = () => hasher.verify(account?.password_hash ?? null, form.password)
  const attempt = await loginAttempts
    .check(db, form.email, known ? device : undefined, verify)
    .catch(async (error) => {
      await counted.giveBack()
      throw error
    })
  if (!attempt.checked && !attempt.disabled) {
    await counted.giveBack()
    return { kind: 'throttled', retryAfter: attempt.retryAfter }
  }
  if (!attempt.checked) await verify() // disabled: takes as long as a wrong password

  const found = checkAccount(account, attempt)
  if (!found.ok) {
    const networkThrottled = await counted.isLast()
    await recordFailure(
      db,
      by,
      account,
      found.failure,
      attempt.checked ? attempt.failures : 0,
      networkThrottled,
    )
    return { kind: found.failure.code === 'temporary_password_expired' ? 'expired' : 'wrong' }
  }
  await counted.forgive()
  return startSignedIn(services, by, found.account, form, device)
}

type Failure = Reason<typeof reasonTexts.sign_in_failed>

function checkAccount(
  account: Account | undefined,
  attempt: AttemptResult,
): { ok: true; account: Account } | { ok: false; failure: Failure } {
  const failed = (failure: Failure) => ({ ok: false, failure }) as const
  if (!account) return failed({ code: 'unknown_account' })
  if (!attempt.checked) return failed({ code: 'password_disabled', failures: maxFailures })
  if (!attempt.correct) return failed({ code: 'wrong_password' })
  if (account.status !== 'active') return failed({ code: account.status })
  return account.expired ? failed({ code: 'temporary_password_expired' }) : { ok: true, account }
}

/** Sign-ins that may fail in a minute, in the whole company, before the activity log records an alarm. */
const alarmFailures = 200
const alarm = {
  event: 'sign_in_throttled',
  subject: null,
  details: {
    ...detailsOfReason('sign_in_throttled', { code: 'many_failures', failures: alarmFailures }),
    network: false,
    alarm: true,
  },
} as const

/**
 * Records a failed sign-in. The throttle starts with the fifth failure in a row, that of a network with its last
 * attempt. Each is an event too.
 */
async function recordFailure(
  db: Db,
  by: RequestContext<null>,
  subject: Account | undefined,
  failure: Failure,
  failures: number,
  networkThrottled: boolean,
) {
  const throttled = (reason: Reason<typeof reasonTexts.sign_in_throttled>, network: boolean): Event => ({
    event: 'sign_in_throttled',
    subject: network ? null : subject,
    details: { ...detailsOfReason('sign_in_throttled', reason), network },
  })
  await db.transaction(async (tx) => {
    record(tx, by, { event: 'sign_in_failed', subject, details: detailsOfReason('sign_in_failed', failure) })
    if (failures >= 5) record(tx, by, throttled({ code: 'wrong_passwords', failures }, false))
    if (networkThrottled) record(tx, by, throttled({ code: 'wrong_passwords_from_network' }, true))
    if (await selectIsFlood(tx, alarmFailures)) record(tx, by, alarm)
  })
}

async function startSignedIn(
  services: SignInServices,
  by: RequestContext<null>,
  account: Account,
  form: SignInForm,
  device: DeviceCookie,
): Promise<SignInResult> {
  const { db, hasher, loginAttempts } = services
  const session = await db.transaction(async (tx) => {
    const { ip, userAgent } = by
    const started = await startSession(tx, {
      user: account,
      remembered: form.remember,
      ip,
      userAgent,
    })
    if (!started) return undefined
    const newDevice = await noteDevice(tx, account.id, device)
    if (newDevice && account.last_sign_in_at) await enqueueEmail(tx, newDeviceEmail(account, by))
    updateLastSignIn(tx, account.id)
    loginAttempts.clear(tx, account.email)
    record(
      tx,
      { ...by, actor: account },
      { event: 'sign_in', subject: account, details: { remembered: form.remember } },
    )
    return started
  })
  if (!session) return notStarted(db, by, form.email)
  if (account.password_hash)
    await rehashIfOutdated(db, hasher, account.id, account.password_hash, form.password)
  return { kind: 'signed in', sessionId: session.id, endsAt: session.ends_at }
}

/** The password was changed, or a temporary one expired, while it was being verified. */
async function notStarted(db: Db, by: RequestContext<null>, email: string): Promise<SignInResult> {
  const now = await selectOptionalAccount(db, email)
  if (!now?.expired) return { kind: 'wrong' }
  await recordFailure(db, by, now, { code: 'temporary_password_expired' }, 0, false)
  return { kind: 'expired' }
}
