import type { RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { passwordPurposes } from '../links/token.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { forgetDevices } from '../sessions/devices/known-device.ts'
import { setPasswordByLink, type LinkResult } from './set-password-by-link.ts'
import type { Choice } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { passwordResetDoneEmail } from './emails.ts'

/** Sets a new password by a reset link. It ends all sessions and signs nobody in. (NIST SP 800-63B-4 §4.2) */
export function resetPassword(
  services: PasswordServices,
  by: RequestContext<null>,
  linkId: string,
  choice: Choice,
): Promise<LinkResult> {
  return setPasswordByLink(services, by, linkId, choice, {
    purposes: passwordPurposes,
    method: 'reset_link',
    async then(tx, self, purpose) {
      const user = self.actor
      const sessionsEnded = await endSessions(tx, self, user)
      await forgetDevices(tx, user.id)
      services.loginAttempts.clear(tx, user.email)
      const shown = purpose === 'sign_in_code'
      const details = { sessions_ended: sessionsEnded, ...(shown && { from: purpose }) }
      record(tx, self, { event: 'password_change', method: 'reset_link', subject: user, details })
      await enqueueEmail(tx, passwordResetDoneEmail(user, by, { at: new Date(), shown }))
    },
  })
}
