import type { RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { setPasswordByLink, type LinkResult } from '../passwords/set-password-by-link.ts'
import type { Choice } from '../passwords/validate-and-hash.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { updateAccepted } from './queries.ts'

/**
 * An invited person chooses their first password. The link came to their address, so that counts as verified. They
 * sign in afterwards themselves. (ASVS 6.4.1)
 */
export function acceptInvitation(
  services: PasswordServices,
  by: RequestContext<null>,
  linkId: string,
  choice: Choice,
): Promise<LinkResult> {
  return setPasswordByLink(services, by, linkId, choice, {
    purposes: ['invite'],
    method: 'invitation',
    async then(tx, self) {
      const subject = self.actor
      await updateAccepted(tx, subject.id)
      services.loginAttempts.clear(tx, subject.email)
      record(tx, self, { event: 'password_change', method: 'invitation', subject })
      if (!subject.email_verified_at)
        record(tx, self, { event: 'email_verified', subject, details: { email: subject.email } })
      record(tx, self, { event: 'user_activated', subject, details: { before: 'invited', after: 'active' } })
    },
  })
}
