import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { lockUsers } from '../sessions/lock-users.ts'
import { selectOptionalUserByEmail } from '../../people/queries.ts'
import type { AccountLimits } from './limits.ts'
import { sendResetOrVerification } from './send-reset-or-verification.ts'

/**
 * Somebody says they forgot the password of an address. Here nobody finds out whether it has an account: a job is
 * queued, the same for every address, and the job does the rest. (ASVS 6.3.8) Gives the seconds to wait where a mail
 * went there a short while ago: then none is sent, and the link in it stays.
 */
export async function requestPasswordReset(
  db: Db,
  limits: AccountLimits,
  by: RequestContext<null>,
  email: string,
): Promise<number | null> {
  const wait = await limits.take(email)
  const { ip, userAgent, requestId } = by
  const asked = { email: wait === null ? email : null, ip, userAgent, requestId }
  await db.transaction((tx) => enqueue(tx, 'answer_forgotten', asked))
  return wait
}

/** Sends another invitation; the house above knows how. */
type ResendInvitation = (tx: Tx, by: RequestContext<null>, to: Person) => Promise<unknown>

/**
 * The job: records the request, and mails the way in to whoever may sign in, or may once they accept their invitation;
 * nothing to anyone else.
 */
export async function processResetRequest(
  db: Db,
  inviteAgain: ResendInvitation,
  asked: { email: string } & Omit<RequestContext<null>, 'actor'>,
): Promise<void> {
  const { email, ...from } = asked
  const by = { ...from, actor: null }
  await db.transaction(async (tx) => {
    const found = await selectOptionalUserByEmail(tx, email)
    if (found) await lockUsers(tx, [found.id])
    const user = await selectOptionalUserByEmail(tx, email)
    record(tx, by, { event: 'password_reset_requested', subject: user })
    if (user?.status === 'active') await sendResetOrVerification(tx, by, user)
    if (user?.status === 'invited') await inviteAgain(tx, by, user)
  })
}
