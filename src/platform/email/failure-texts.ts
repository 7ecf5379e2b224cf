import { reasonText, type Reason } from '../reason.ts'

/** Why an email failed before the mail server had it. What the mail server says is kept apart, in its own words. */
export const emailFailureTexts = {
  link_replaced: 'Its link was replaced before it could be sent',
  not_written: 'It could not be written. The server log has details',
} as const
export type EmailFailure = Reason<typeof emailFailureTexts>

/** The words of the mail server, or why it has not had the email. */
export const deliveryText = (email: { server_answer: string | null; failure_reason: EmailFailure | null }) =>
  email.server_answer ?? (email.failure_reason && `${reasonText(emailFailureTexts, email.failure_reason)}.`)
