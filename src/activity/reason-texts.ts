import { impersonationEndTexts } from '../access/impersonation-end.ts'
import { emailFailureTexts } from '../platform/email/failure-texts.ts'
import type { Reason } from '../platform/reason.ts'

/** Why a run of an automation stopped, or is tried again. */
export const runStopTexts = {
  turned_off: 'It was turned off meanwhile',
  not_allowed: '{name} no longer has the permissions for this',
  internal_error: 'An internal error. The server log has details under run {run_id}',
  other: '{text}',
} as const

export type RunStop = Reason<typeof runStopTexts>

/** What is wrong with the chain of the log. */
export const chainFaultTexts = {
  start_replaced: 'Entry 1 does not begin the chain: it was replaced by another one',
  start_missing: 'Entries up to {entry} are missing, and no entry records their removal',
  changed:
    'Entry {entry} ({event}, {at}, id {id}) is not as it was written: it was changed, moved or made up',
  replaced:
    'Entry {entry} ({event}, {at}, id {id}) does not follow the entry before it: one of the two was replaced',
  one_missing: 'Entry {missing} is missing: the next one is entry {entry} ({event}, {at}, id {id})',
  several_missing:
    'Entries {missing} to {missing_to} are missing: the next one is entry {entry} ({event}, {at}, id {id})',
  end_removed: 'Entry {entry} is no longer there: all before {first} was removed',
  end_missing: 'The log once reached to entry {entry} and now ends at {last}: its end was cut off',
  end_replaced: 'Entry {entry} is another one than at an earlier check: the log was cut off and rewritten',
  other: '{text}',
} as const
export type ChainFault = Reason<typeof chainFaultTexts>

/**
 * Why something happened, for each event that says so: the code that the entry holds and the sentence that pages show.
 * The parameters in braces are details of the entry, too.
 */
export const reasonTexts = {
  password_reset_requested: {
    email_change_disputed: 'Its owner disputed a change of email',
  },
  sign_in_failed: {
    unknown_account: 'No account has this address',
    wrong_password: 'Wrong password',
    wrong_current_password: 'Wrong current password',
    password_disabled: 'The password is disabled after {failures} wrong passwords',
    temporary_password_expired: 'The temporary password had expired',
    invited: 'The account is invited',
    inactive: 'The account is inactive',
    blocked: 'The account is blocked',
  },
  sign_in_throttled: {
    wrong_passwords: '{failures} wrong passwords in a row',
    wrong_passwords_from_network: 'Too many wrong passwords from one network',
    many_failures: 'More than {failures} sign-ins failed within a minute',
  },
  impersonation_ended: impersonationEndTexts,
  automation_run: { ...runStopTexts, ...chainFaultTexts },
  mail_failed: emailFailureTexts,
} as const
export type EventWithReason = keyof typeof reasonTexts

/** The detail that holds the code of an event's reason. */
export const reasonDetail = (event: EventWithReason): 'reason' | 'fault' =>
  event === 'automation_run' ? 'fault' : 'reason'
