import type { By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db } from '../foundation/db.ts'
import { enqueue } from '../foundation/jobs.ts'
import { selectOptionalUserByEmail, selectOptionalUserForUpdate } from '../people/queries.ts'
import type { AccountLimits } from './limits.ts'
import { sendWayBack } from './send.ts'

/**
 * Somebody says they forgot the password of an address. Known or not, the same is done here: the request is recorded
 * and a job is queued. Only the job finds out whether there is anyone to mail. (ASVS 6.3.8)
 */
export async function askForWayBack(
  db: Db,
  limits: AccountLimits,
  by: By<null>,
  email: string,
): Promise<void> {
  if ((await limits.take(email)) !== null) return // one mail in five minutes is enough; the link that was sent stays
  await db.transaction(async (tx) => {
    const subject = await selectOptionalUserByEmail(tx, email)
    record(tx, by, { event: 'password_reset_requested', subject })
    await enqueue(tx, 'answer_forgotten', { email, ip: by.ip ?? '', userAgent: by.userAgent ?? '' })
  })
}

/** The job: mails the way back to whoever may sign in, and nothing to anyone else. */
export async function answerForgotten(
  db: Db,
  { email, ip, userAgent }: Record<string, string>,
): Promise<void> {
  const by = { actor: null, ip: ip || null, userAgent: userAgent || null, requestId: null }
  await db.transaction(async (tx) => {
    const found = await selectOptionalUserByEmail(tx, email ?? '')
    const user = found && (await selectOptionalUserForUpdate(tx, found.id))
    if (user?.status === 'active') await sendWayBack(tx, by, user)
  })
}
