import { automationEmails } from './automations/emails.ts'
import { cannedResponseEmails } from './campaigns/canned-responses/emails.ts'
import type { EmailTemplates } from './platform/email/render.ts'
import { invitationEmails } from './auth/invitations/emails.ts'
import { passwordEmails } from './auth/passwords/emails.ts'
import { callerCheckEmails } from './auth/passwords/caller-check/emails.ts'
import { peopleEmails } from './people/manage/emails.ts'
import { settingsEmails } from './settings/emails.ts'
import { signInEmails } from './auth/sign-in/emails.ts'
import { verificationEmails } from './auth/verification/emails.ts'

/** Every email that Fieldkey sends, from the modules that define them. */
export const emailTemplates: EmailTemplates = {
  ...peopleEmails,
  ...settingsEmails,
  ...passwordEmails,
  ...callerCheckEmails,
  ...signInEmails,
  ...verificationEmails,
  ...invitationEmails,
  ...cannedResponseEmails,
  ...automationEmails,
}
