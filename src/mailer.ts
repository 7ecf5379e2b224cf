import { systemContext } from './access/actor.ts'
import { detailsOfReason } from './activity/describe-reason.ts'
import { record } from './activity/record.ts'
import { activateLink } from './auth/links/activate-link.ts'
import { callerCodeOf } from './auth/passwords/caller-check/caller-code.ts'
import type { CampaignMailer } from './campaigns/sending/send-campaign.ts'
import { selectCompany } from './company/queries.ts'
import type { Config } from './config.ts'
import { emailTemplates } from './email-templates.ts'
import { keyFor } from './platform/crypto.ts'
import type { Db } from './platform/db.ts'
import { outboxTransport, smtp } from './platform/email/transport.ts'

/** What emails are written with and sent by. */
export function createMailer(db: Db, config: Config): CampaignMailer {
  const { smtpUrl, mailFrom, baseUrl, sessionSecrets } = config
  const key = keyFor('links', sessionSecrets)
  return {
    db,
    linkKey: key,
    templates: emailTemplates,
    transport: smtpUrl ? smtp(smtpUrl, mailFrom) : outboxTransport,
    activateLink: (linkId) => activateLink(db, key, linkId),
    callerCodeOf: callerCodeOf(db, keyFor('caller codes', sessionSecrets)),
    context: async () => ({ company: await selectCompany(db, config), baseUrl }),
    onFailed(tx, { user_id, to_name, to_address, template }, { answer, reason }) {
      const subject = user_id ? { id: user_id, name: to_name, email: to_address } : null
      const why = reason ? detailsOfReason('mail_failed', reason) : { answer }
      record(tx, systemContext, { event: 'mail_failed', subject, details: { template, ...why } })
    },
  }
}
