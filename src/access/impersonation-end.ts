import { fillText, reasonText, type Reason } from '../platform/reason.ts'

/** Why an impersonation ended, by name, for the log. */
export const impersonationEndTexts = {
  returned: 'Returned',
  signed_out: 'Signed out',
  invited: '{name} is invited',
  inactive: '{name} is inactive',
  blocked: '{name} is blocked',
  password_changed: 'The password of {name} was changed',
  admin_password_changed: 'The password of {name} was changed',
  admin_signed_out: '{name} was signed out',
  sessions_ended: 'The sessions of {name} were ended',
  not_allowed: '{name} can no longer log in as {target}',
  account_changed: 'The account of {name} was changed',
  admin_account_changed: 'The account of {name} was changed',
  expired: 'The time was up',
  idle: 'Nothing was done for {idle_minutes} minutes',
  admin_session_expired: 'The session of {name} had ended',
  other: '{text}',
} as const
export type ImpersonationEnd = Reason<typeof impersonationEndTexts>

/** The reasons that are about the admin, as “you”. */
const textsToAdmin: Partial<Record<ImpersonationEnd['code'], string>> = {
  admin_password_changed: 'Your password was changed',
  admin_account_changed: 'Your account was changed',
  not_allowed: 'You can no longer log in as {target}',
}

/** Why it ended, in a sentence for the admin. */
export function tellAdminWhyEnded(reason: ImpersonationEnd): string {
  const own = textsToAdmin[reason.code]
  return `${own === undefined ? reasonText(impersonationEndTexts, reason) : fillText(own, reason)}.`
}
