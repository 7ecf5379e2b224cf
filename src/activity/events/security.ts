import {
  beforeAndAfter,
  countedDetail,
  describeListExport,
  describeExport,
  describeCallerCheck,
  describeNewAddress,
  describePasswordChange,
  describeDuration,
  roleDetail,
  describeRoleChange,
  sentence,
  roleChangeVerb,
  asText,
} from '../event-details.ts'
import { describeReason } from '../describe-reason.ts'
import {
  subjectVerb,
  actorVerb,
  actorVerbSubject,
  isNamed,
  sentTo,
  signInAs,
  text,
  type EventDescription,
} from '../event-description.ts'

/** Events about credentials, access and rules. */
export const securityEvents = {
  password_change: {
    when: 'any change; `method` is admin, self, mobile, reset_link, forced or invitation',
    details: '`temporary`, `from`, `sessions_ended`, `caller_check`, `caller_check_reason`',
    icon: 'key-round',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' chose a new password')] : [actor, text(' changed the password of '), subject],
    detail: describePasswordChange,
  },
  password_reset_requested: {
    when: 'someone asked for a reset link',
    details: '`reason`, `from`',
    icon: 'mail',
    parts: ({ actor, subject, own, details }) =>
      own
        ? [actor, text(' asked for a reset link')]
        : [
            isNamed(actor) || details.from === 'console' ? actor : text('Somebody'),
            text(' asked for a reset link for '),
            subject,
          ],
    detail: (details) => sentence(describeReason('password_reset_requested', details)),
  },
  password_reset_sent: { when: 'the email with the link was sent', icon: 'mail', ...sentTo('a reset link') },
  sign_in_code_shown: {
    when: 'the office showed a reset link as a QR code, for a person at the counter',
    details: '`expires_at`',
    icon: 'qr-code',
    ...actorVerbSubject('showed a sign-in QR code for'),
  },
  sign_in: { when: 'someone signed in', details: '`remembered`', icon: 'log-in', ...actorVerb('signed in') },
  sign_in_failed: {
    when: 'a wrong password, an unknown address, an account that is not allowed to sign in; also a wrong old password',
    details: '`reason`',
    icon: 'shield-alert',
    bad: true,
    parts: ({ subject }) => [...signInAs(subject), text(' failed')],
    detail: (details) => sentence(describeReason('sign_in_failed', { reason: 'wrong_password', ...details })),
  },
  sign_in_throttled: {
    when: 'five wrong attempts in a row; too many from one network; 200 failures in a minute',
    details: '`reason`, `network`, `alarm`',
    icon: 'shield-alert',
    bad: true,
    parts: ({ subject, details }) =>
      details.alarm
        ? [text('Sign-ins fail in unusual numbers')]
        : [
            ...(details.network ? [text('Sign-in from a network')] : signInAs(subject)),
            text(' was throttled'),
          ],
    detail: (details) => sentence(describeReason('sign_in_throttled', details) || 'Too many attempts'),
  },
  sign_in_unlocked: {
    when: 'the office ended the wait after wrong passwords of one account',
    details: '`failures`',
    icon: 'lock-open',
    ...actorVerbSubject('unlocked the sign-in of'),
    detail: ({ failures }) => `After ${countedDetail(failures, 'wrong password')}`,
  },
  caller_code_sent: {
    when: 'the office sent a code to check a caller',
    details: '`email_changed_at`, if the address changed in the last 7 days',
    icon: 'phone-call',
    ...actorVerbSubject('sent a code for a call to'),
    detail: describeNewAddress,
  },
  caller_checked: {
    when: 'the office checked a caller, or says why it could not',
    details: '`outcome`: code, recognised or not_checked; `reason`; `email_changed_at`',
    icon: 'phone-call',
    parts: ({ actor, subject, details: { outcome } }) => [
      actor,
      text(
        outcome === 'not_checked' ? ' could not check the caller who is said to be ' : ' checked the caller ',
      ),
      subject,
    ],
    detail: describeCallerCheck,
  },
  caller_check_failed: {
    when: 'three wrong codes were read out; the code no longer works',
    details: '`tries`',
    icon: 'shield-alert',
    bad: true,
    ...actorVerbSubject('was told three wrong codes by a caller who is said to be'),
  },
  caller_code_refused: {
    when: 'a person says that they did not phone the office that sent them a code',
    details: '`asked_by`',
    icon: 'shield-alert',
    bad: true,
    ...actorVerb('did not phone the office, and refused its code'),
    detail: ({ asked_by }) => (asText(asked_by) ? `${asText(asked_by)} had asked for it.` : ''),
  },
  sign_out: { when: 'someone signed out', icon: 'log-out', ...actorVerb('signed out') },
  sessions_ended: {
    when: "someone's own or another person's sessions were ended, also by a new role or policy",
    details: '`count`',
    icon: 'monitor-smartphone',
    parts: ({ actor, subject, own, details }) =>
      own
        ? [actor, text(` signed ${countedDetail(details.count, 'device')} out`)]
        : [actor, text(' signed '), subject, text(` out of ${countedDetail(details.count, 'device')}`)],
  },
  impersonation_started: {
    when: 'someone started to use the account of another person, who is the subject',
    details: '`reason`, `ends_at`',
    icon: 'user-round-cog',
    ...actorVerbSubject('logged in as'),
    detail: ({ reason }) => (asText(reason) ? `Reason: “${asText(reason)}”` : ''),
  },
  impersonation_ended: {
    when: 'it ended, for any reason; recorded once',
    details: '`minutes`, `reason`',
    icon: 'undo-2',
    ...actorVerbSubject('stopped working as'),
    detail: describeDuration,
  },
  email_verification_sent: {
    when: 'a verification link was sent; a repeated invitation counts too',
    details: '`invitation`',
    icon: 'mail',
    parts: (action) =>
      sentTo(action.details.invitation ? 'another invitation' : 'a link to verify the email').parts(action),
  },
  email_verified: {
    when: 'someone confirmed the link',
    details: '`email`',
    icon: 'badge-check',
    ...actorVerb('verified their email'),
    detail: ({ email }) => asText(email),
  },
  temporary_password_expired: {
    when: 'a temporary password expired, never used',
    icon: 'hourglass',
    ...subjectVerb('The temporary password of', ' expired, never used'),
  },
  password_expired: {
    when: 'a password reached its maximum age, where the company enforces one',
    details: '`automation`, `run_id`, `acts_for`, `grace_until`',
    icon: 'hourglass',
    ...subjectVerb('The password of', ' expired'),
  },
  role_changed: {
    when: 'someone got another role, or the team of their role changed',
    details: '`before`, `after`, `team_before`, `team_after`',
    icon: 'users',
    ...actorVerbSubject('changed the role of'),
    detail: describeRoleChange,
  },
  permissions_changed: {
    when: 'a role was created, changed or deleted; `before` or `after` is null then',
    details: '`role`, `before`, `after`, `renamed_from`',
    icon: 'list-checks',
    parts: ({ actor, details }) => [
      actor,
      text(` ${roleChangeVerb(details)} the role ${asText(details.role)}`),
    ],
    detail: roleDetail,
  },
  policy_changed: {
    when: 'a setting of the company changed; one entry per setting, see below',
    details: '`setting`, `before`, `after`',
    icon: 'shield',
    parts: ({ actor, details: { setting } }) => [
      actor,
      text(` changed the policy${asText(setting) && `: ${asText(setting)}`}`),
    ],
    detail: beforeAndAfter,
  },
  user_blocked: {
    when: 'the office blocked someone',
    details: '`before`, `after`: the status',
    icon: 'ban',
    ...actorVerbSubject('blocked'),
    detail: beforeAndAfter,
  },
  user_unblocked: {
    when: 'the office unblocked someone',
    details: '`before`, `after`',
    icon: 'circle-check',
    ...actorVerbSubject('unblocked'),
    detail: beforeAndAfter,
  },
  activity_exported: {
    when: 'the log was exported, completely or cut off',
    details: '`format`, `filter`, `rows`, `complete`, `key`',
    icon: 'download',
    parts: ({ actor, details }) => [actor, text(` exported ${countedDetail(details.rows, 'entry')}`)],
    detail: describeExport,
  },
  list_exported: {
    when: 'a list of people or a campaign was exported',
    details: '`format`, `filter`, `rows`, `complete`, `key`',
    icon: 'download',
    parts: ({ actor, details }) => [actor, text(` exported ${countedDetail(details.rows, 'person')}`)],
    detail: describeListExport,
  },
} satisfies Record<string, EventDescription>
