import type { By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { post } from '../foundation/mail/post.ts'
import { resetting } from '../links/token.ts'
import { endSessions } from '../sessions/end.ts'
import { forgetDevices } from '../sessions/devices/known-device.ts'
import { setPasswordByLink, type ByLink, type Choice } from './by-link.ts'
import type { PasswordKit } from './kit.ts'
import { changedByReset } from './letters.ts'

/** Sets a new password by a reset link. Nobody is signed in by it: all sessions end. (NIST SP 800-63B-4 §4.2) */
export function resetPassword(
  kit: PasswordKit,
  by: By<null>,
  linkId: string,
  choice: Choice,
): Promise<ByLink> {
  return setPasswordByLink(kit, by, linkId, choice, {
    purposes: resetting,
    method: 'reset_link',
    async then(tx, self) {
      const user = self.actor
      const sessionsEnded = await endSessions(tx, self, user)
      await forgetDevices(tx, user.id)
      await kit.tries.clear(tx, user.email)
      const details = { sessions_ended: sessionsEnded }
      record(tx, self, { event: 'password_change', method: 'reset_link', subject: user, details })
      await post(tx, changedByReset(user, by, { at: new Date() }))
    },
  })
}
