import type { Actor, RequestContext } from '../access/actor.ts'
import type { Db } from '../platform/db.ts'
import { enqueueEmail } from '../platform/email/queue.ts'
import { rateLimit } from '../platform/rate-limit.ts'
import { inMinutes } from '../platform/web/dates.ts'
import { TooManyRequests } from '../platform/web/errors.ts'
import { ok, type Result } from '../platform/result.ts'
import { testEmail } from './emails.ts'
import { reauthorizeSettings } from './reauthorize.ts'

/** Test emails that one person may send in ten minutes. */
export const testEmailLimit = (db: Db) => rateLimit(db, 'test-email', 5, 10 * 60)

/** Emails the actor, through the queue as any email. It changes nothing, so it is in the email log and is no event. */
export async function sendTestEmail(
  db: Db,
  limit: ReturnType<typeof testEmailLimit>,
  by: RequestContext<Actor>,
): Promise<Result<void>> {
  const wait = await limit.take(by.actor.id)
  if (wait !== null) throw new TooManyRequests(wait, tooMany(wait))
  return db.transaction(async (tx) => {
    await reauthorizeSettings(tx, by, 'settings.manage')
    await enqueueEmail(tx, testEmail(by.actor))
    return ok(undefined)
  })
}

const tooMany = (seconds: number) => ({
  heading: 'You have sent several test emails',
  message: 'What became of the newest is on the company page. Nothing was sent now.',
  advice: `You can send another in ${inMinutes(seconds)}.`,
})
