import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { lockAndAuthorizeUser } from '../../people/authorize.ts'
import type { Db } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, type Result } from '../../platform/result.ts'
import { issueShownLink } from '../links/issue-link.ts'
import { signInCodeShownEmail } from '../passwords/emails.ts'
import { assertActive } from './assert-active.ts'

/** What a QR code holds: the path of a reset link, with its token. It is shown once and stored nowhere. */
export interface ShownLink {
  path: string
  expiresAt: Date
}

/**
 * Makes a reset link to be shown to a person at the counter. It proves no mailbox, so a password that is chosen by it
 * verifies no address. (NIST SP 800-63B-4 §4.2.1.2)
 */
export function showSignInCode(
  db: Db,
  linkKey: Buffer,
  by: RequestContext<Actor>,
  id: string,
): Promise<Result<ShownLink>> {
  return db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', id)
    assertActive(user)
    const link = await issueShownLink(tx, linkKey, user.id)
    await enqueueEmail(tx, signInCodeShownEmail(user, by, link))
    const details = { expires_at: link.expiresAt.toISOString() }
    record(tx, by, { event: 'sign_in_code_shown', subject: user, details })
    return ok(link)
  })
}
