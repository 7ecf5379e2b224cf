import {
  beforeAndAfter,
  campaignBegan,
  campaignEnded,
  counted,
  exported,
  fieldsChanged,
  howChanged,
  howLong,
  roleDetail,
  roleGiven,
  sentence,
  undelivered,
  whatChanged,
  whatOfRole,
  whatRan,
  whichRun,
  madeOrChanged,
  word,
} from './detail.ts'
import type { Kind } from './kinds.ts'
import { befell, did, didTo, known, sent, signInOf, text, type Telling } from './telling.ts'

/** How each kind of event is told; the actor and the subject come as they were when it happened. */
export const tellings: Record<Kind, Telling> = {
  password_change: {
    icon: 'key-round',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' chose a new password')] : [actor, text(' changed the password of '), subject],
    detail: howChanged,
  },
  password_reset_requested: {
    icon: 'mail',
    parts: ({ actor, subject, own, details }) =>
      own
        ? [actor, text(' asked for a reset link')]
        : [
            known(actor) || details.from === 'console' ? actor : text('Somebody'),
            text(' asked for a reset link for '),
            subject,
          ],
    detail: ({ reason }) => sentence(reason),
  },
  password_reset_sent: { icon: 'mail', ...sent('a reset link') },
  sign_in: { icon: 'log-in', ...did('signed in') },
  sign_in_failed: {
    icon: 'shield-alert',
    bad: true,
    parts: ({ subject }) => [...signInOf(subject), text(' failed')],
    detail: ({ reason }) => sentence(reason ?? 'Wrong password'),
  },
  sign_in_throttled: {
    icon: 'shield-alert',
    bad: true,
    parts: ({ subject, details }) =>
      details.alarm
        ? [text('Sign-ins fail in unusual numbers')]
        : [
            ...(details.network ? [text('Sign-in from a network')] : signInOf(subject)),
            text(' was throttled'),
          ],
    detail: ({ reason }) => sentence(reason ?? 'Too many tries'),
  },
  sign_out: { icon: 'log-out', ...did('signed out') },
  sessions_ended: {
    icon: 'monitor-smartphone',
    parts: ({ actor, subject, own, details }) =>
      own
        ? [actor, text(` signed ${counted(details.count, 'device')} out`)]
        : [actor, text(' signed '), subject, text(` out of ${counted(details.count, 'device')}`)],
  },
  impersonation_started: {
    icon: 'user-round-cog',
    ...didTo('logged in as'),
    detail: ({ reason }) => (word(reason) ? `Reason: “${word(reason)}”` : ''),
  },
  impersonation_ended: {
    icon: 'undo-2',
    ...didTo('no longer works as'),
    detail: howLong,
  },
  email_verification_sent: {
    icon: 'mail',
    parts: (deed) =>
      sent(deed.details.invitation ? 'another invitation' : 'a link to verify the email').parts(deed),
  },
  email_verified: { icon: 'badge-check', ...did('verified their email'), detail: ({ email }) => word(email) },
  temporary_password_expired: {
    icon: 'hourglass',
    ...befell('The temporary password of', ' died unused'),
  },
  password_expired: { icon: 'hourglass', ...befell('The password of', ' expired') },
  role_changed: { icon: 'users', ...didTo('changed the role of'), detail: roleGiven },
  permissions_changed: {
    icon: 'list-checks',
    parts: ({ actor, details }) => [actor, text(` ${whatOfRole(details)} the role ${word(details.role)}`)],
    detail: roleDetail,
  },
  policy_changed: {
    icon: 'shield',
    parts: ({ actor, details: { setting } }) => [
      actor,
      text(` changed the policy${word(setting) && `: ${word(setting)}`}`),
    ],
    detail: beforeAndAfter,
  },
  user_blocked: { icon: 'ban', ...didTo('blocked'), detail: beforeAndAfter },
  user_unblocked: { icon: 'circle-check', ...didTo('unblocked'), detail: beforeAndAfter },
  activity_exported: {
    icon: 'download',
    parts: ({ actor, details }) => [actor, text(` exported ${counted(details.rows, 'entry')}`)],
    detail: exported,
  },
  user_created: {
    icon: 'user-round-plus',
    ...didTo('created the account of'),
    detail: ({ role, team }) => sentence([word(role), word(team)].filter(Boolean).join(', ')),
  },
  user_imported: {
    icon: 'user-round-plus',
    ...didTo('imported'),
    detail: ({ file, line, team }) =>
      word(file) ? `From ${word(file)}, line ${word(line)}${word(team) && `, into ${word(team)}`}.` : '',
  },
  user_updated: {
    icon: 'pencil',
    parts: ({ actor, subject, own, details }) => {
      const what = whatChanged(details)
      return own
        ? [actor, text(` changed their own ${what}`)]
        : [actor, text(` changed the ${what} of `), subject]
    },
    detail: fieldsChanged,
  },
  user_activated: {
    icon: 'circle-check',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' accepted their invitation')] : [actor, text(' activated '), subject],
    detail: beforeAndAfter,
  },
  user_deactivated: { icon: 'circle-pause', ...didTo('deactivated'), detail: beforeAndAfter },
  campaign_started: {
    icon: 'send',
    parts: ({ actor, details }) => [
      actor,
      text(details.reminder ? ' sent the reminder of a campaign' : ' started a campaign'),
    ],
    detail: campaignBegan,
  },
  campaign_finished: {
    icon: 'flag',
    parts: ({ actor, details }) =>
      details.cancelled ? [actor, text(' cancelled a campaign')] : [text('A campaign sent its last letter')],
    detail: campaignEnded,
  },
  canned_response_changed: {
    icon: 'pencil',
    parts: ({ actor, details }) => [actor, text(` ${madeOrChanged(details)} a canned response`)],
    detail: ({ name }) => word(name),
  },
  automation_run: { icon: 'bot', parts: ({ details }) => [text(whichRun(details))], detail: whatRan },
  password_expiry_reminder_sent: { icon: 'mail', ...sent('a reminder to change the password') },
  mail_failed: {
    icon: 'mail',
    bad: true,
    ...befell('A mail to', ' could not be delivered'),
    detail: undelivered,
  },
}
