import type { By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { post } from '../foundation/mail/post.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { lookAtLink, type Looked } from '../links/open.ts'
import { spendLink } from '../links/spend.ts'
import { selectOptionalUser, selectOptionalUserForUpdate } from '../people/queries.ts'
import { endSessions } from '../sessions/end.ts'
import { forgetDevices } from '../sessions/known-device.ts'
import { choosePassword } from './choose.ts'
import type { PasswordKit } from './kit.ts'
import { changedByReset } from './letters.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

interface Choice {
  newPassword: string
  confirmPassword: string
}

export type Reset = { dead: Looked & { alive: false } } | { dead: null; outcome: Outcome<void> }

/**
 * Sets a new password by a mailed link. The password is judged before the link is spent, so a bad one does not burn it;
 * of any number of posts at once exactly one is done. Nobody is signed in by it: all sessions end.
 * (ASVS 6.4.3, 6.5.1, 15.4.2; NIST SP 800-63B-4 §4.2)
 */
export async function resetPassword(
  kit: PasswordKit,
  by: By<null>,
  linkId: string,
  choice: Choice,
): Promise<Reset> {
  const { db, hasher, tries, companyNow } = kit
  const looked = await lookAtLink(db, linkId)
  if (!looked.alive) return { dead: looked }
  const userId = looked.link.user_id
  const [user, credential] = [
    await selectOptionalUser(db, userId),
    await selectOptionalCredential(db, userId),
  ]
  if (!user || !credential) return { dead: { alive: false, link: undefined, why: 'unknown' } }
  const chosen = await choosePassword(hasher, await companyNow(), user, credential, choice)
  if (!chosen.ok) return { dead: null, outcome: chosen }

  const spent = await db.transaction(async (tx) => {
    await selectOptionalUserForUpdate(tx, userId)
    if (!(await spendLink(tx, linkId, 'reset'))) return false
    await updatePassword(tx, {
      ...{ userId, hash: chosen.value, method: 'reset_link', changedBy: userId },
      ...{ temporaryHours: null, authEpoch: looked.link.auth_epoch_at_issue },
    })
    const self = { ...by, actor: user }
    const sessionsEnded = await endSessions(tx, self, user)
    await forgetDevices(tx, userId)
    await tries.clear(tx, user.email)
    const details = { sessions_ended: sessionsEnded }
    record(tx, self, { event: 'password_change', method: 'reset_link', subject: user, details })
    await post(tx, changedByReset(user, by, { at: new Date() }))
    return true
  })
  if (spent) return { dead: null, outcome: done(undefined) }
  const now = await lookAtLink(db, linkId)
  return now.alive
    ? { dead: null, outcome: refused({ form: 'That did not work. Try again.' }) }
    : { dead: now }
}
