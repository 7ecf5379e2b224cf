import type { RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Company } from '../../company/queries.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import type { Hasher } from '../passwords/hash.ts'
import { rehashIfOutdated } from '../passwords/rehash.ts'
import type { AttemptResult, LoginAttempts } from '../passwords/login-attempts.ts'
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
  /** Whether people come by https: what their cookies are called, and whether they are bound to it. */
  https: boolean
}

export type SignInResult =
  | { kind: 'signed in'; sessionId: string; endsAt: Date }
  | { kind: 'wrong' }
  | { kind: 'expired' }
  | { kind: 'throttled'; retryAfter: number }

/**
 * Judges an address and a password and opens a session. Unknown, wrong, blocked, inactive and invited get one answer
 * after the same work: a hash is verified, a record is written. A browser that the account was used with before is not
 * counted for its network, and not refused for it. (ASVS 6.3.1, 6.3.8; NIST SP 800-63B-4 §3.2.2)
 */
export async function signIn(
  services: SignInServices,
  by: RequestContext<null>,
  form: SignInForm,
  mark: DeviceCookie,
): Promise<SignInResult> {
  const { db, hasher, loginAttempts, limits } = services
  const known = await isKnown(db, form.email, mark)
  const counted = known ? uncounted : await limits.take(by.ip, form.email)
  if ('wait' in counted) return { kind: 'throttled', retryAfter: counted.wait }
  const account = await selectOptionalAccount(db, form.email)
  const verify = () => hasher.verify(account?.password_hash ?? null, form.password)
  const attempt = await loginAttempts
    .check(db, form.email, known ? mark : undefined, verify)
    .catch(async (error) => {
      await counted.giveBack()
      throw error
    })
  if (!attempt.judged && !attempt.disabled) {
    await counted.giveBack()
    return { kind: 'throttled', retryAfter: attempt.retryAfter }
  }
  if (!attempt.judged) await verify() // disabled, and as long about it as a wrong one

  const reason = whyNot(account, attempt)
  if (reason !== undefined || !account) {
    const shut = await counted.isLast()
    await recordFailure(db, by, account, reason ?? '', attempt.judged ? attempt.failures : 0, shut)
    return { kind: reason === expired ? 'expired' : 'wrong' }
  }
  await counted.forgive()
  return open(services, by, account, form, mark)
}

const expired = 'The temporary password had expired'

function whyNot(account: Account | undefined, attempt: AttemptResult): string | undefined {
  if (!account) return 'No account has this address'
  if (!attempt.judged) return 'The password is disabled after 100 wrong tries'
  if (!attempt.right) return 'Wrong password'
  if (account.status !== 'active') return `The account is ${account.status}`
  return account.expired ? expired : undefined
}

/** As many sign-ins as may fail in a minute, in the whole company, before it is an alarm in the activity log. */
const alarmFailures = 200
const alarm = {
  event: 'sign_in_throttled',
  subject: null,
  details: {
    reason: `More than ${alarmFailures} sign-ins failed within a minute`,
    network: false,
    alarm: true,
  },
} as const

/** The throttle closes with the fifth failure in a row, that of a network with its last; that it did is an event too. */
async function recordFailure(
  db: Db,
  by: RequestContext<null>,
  subject: Account | undefined,
  reason: string,
  failures: number,
  networkShut: boolean,
) {
  const throttled = (reason: string, network = false) =>
    ({ event: 'sign_in_throttled', subject: network ? null : subject, details: { reason, network } }) as const
  await db.transaction(async (tx) => {
    record(tx, by, { event: 'sign_in_failed', subject, details: { reason } })
    if (failures >= 5) record(tx, by, throttled(`${failures} wrong tries in a row`))
    if (networkShut) record(tx, by, throttled('Too many wrong passwords from one network', true))
    if (await selectIsFlood(tx, alarmFailures)) record(tx, by, alarm)
  })
}

async function open(
  services: SignInServices,
  by: RequestContext<null>,
  account: Account,
  form: SignInForm,
  mark: DeviceCookie,
): Promise<SignInResult> {
  const { db, hasher, loginAttempts } = services
  const session = await db.transaction(async (tx) => {
    const { ip, userAgent } = by
    const begun = await startSession(tx, {
      user: account,
      remembered: form.remember,
      ip,
      userAgent,
    })
    if (!begun) return undefined
    const newDevice = await noteDevice(tx, account.id, mark)
    if (newDevice && account.last_sign_in_at) await enqueueEmail(tx, newDeviceEmail(account, by))
    await updateLastSignIn(tx, account.id)
    await loginAttempts.clear(tx, account.email)
    record(
      tx,
      { ...by, actor: account },
      { event: 'sign_in', subject: account, details: { remembered: form.remember } },
    )
    return begun
  })
  if (!session) return { kind: 'wrong' } // the password was changed while it was being verified
  if (account.password_hash)
    await rehashIfOutdated(db, hasher, account.id, account.password_hash, form.password)
  return { kind: 'signed in', sessionId: session.id, endsAt: session.ends_at }
}
