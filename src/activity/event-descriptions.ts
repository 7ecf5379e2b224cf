import {
  beforeAndAfter,
  describeCampaignStart,
  describeCampaignEnd,
  countedDetail,
  describeListExport,
  describeExport,
  describeFieldChanges,
  describePasswordChange,
  describeDuration,
  roleDetail,
  describeRoleChange,
  sentence,
  describeMailFailure,
  changedFieldLabel,
  roleChangeVerb,
  describeRun,
  runTitle,
  changeVerb,
  asText,
} from './event-details.ts'
import { describeReason } from './describe-reason.ts'
import type { EventType } from './event-types.ts'
import {
  subjectVerb,
  actorVerb,
  actorVerbSubject,
  isNamed,
  sentTo,
  signInAs,
  text,
  type EventDescription,
} from './event-description.ts'

/** The description of each event type. Actor and subject are as they were when it happened. */
export const eventDescriptions: Record<EventType, EventDescription> = {
  password_change: {
    icon: 'key-round',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' chose a new password')] : [actor, text(' changed the password of '), subject],
    detail: describePasswordChange,
  },
  password_reset_requested: {
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
  password_reset_sent: { icon: 'mail', ...sentTo('a reset link') },
  sign_in: { icon: 'log-in', ...actorVerb('signed in') },
  sign_in_failed: {
    icon: 'shield-alert',
    bad: true,
    parts: ({ subject }) => [...signInAs(subject), text(' failed')],
    detail: (details) => sentence(describeReason('sign_in_failed', { reason: 'wrong_password', ...details })),
  },
  sign_in_throttled: {
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
  sign_out: { icon: 'log-out', ...actorVerb('signed out') },
  sessions_ended: {
    icon: 'monitor-smartphone',
    parts: ({ actor, subject, own, details }) =>
      own
        ? [actor, text(` signed ${countedDetail(details.count, 'device')} out`)]
        : [actor, text(' signed '), subject, text(` out of ${countedDetail(details.count, 'device')}`)],
  },
  impersonation_started: {
    icon: 'user-round-cog',
    ...actorVerbSubject('logged in as'),
    detail: ({ reason }) => (asText(reason) ? `Reason: “${asText(reason)}”` : ''),
  },
  impersonation_ended: {
    icon: 'undo-2',
    ...actorVerbSubject('stopped working as'),
    detail: describeDuration,
  },
  email_verification_sent: {
    icon: 'mail',
    parts: (action) =>
      sentTo(action.details.invitation ? 'another invitation' : 'a link to verify the email').parts(action),
  },
  email_verified: {
    icon: 'badge-check',
    ...actorVerb('verified their email'),
    detail: ({ email }) => asText(email),
  },
  temporary_password_expired: {
    icon: 'hourglass',
    ...subjectVerb('The temporary password of', ' expired, never used'),
  },
  password_expired: { icon: 'hourglass', ...subjectVerb('The password of', ' expired') },
  role_changed: { icon: 'users', ...actorVerbSubject('changed the role of'), detail: describeRoleChange },
  permissions_changed: {
    icon: 'list-checks',
    parts: ({ actor, details }) => [
      actor,
      text(` ${roleChangeVerb(details)} the role ${asText(details.role)}`),
    ],
    detail: roleDetail,
  },
  policy_changed: {
    icon: 'shield',
    parts: ({ actor, details: { setting } }) => [
      actor,
      text(` changed the policy${asText(setting) && `: ${asText(setting)}`}`),
    ],
    detail: beforeAndAfter,
  },
  user_blocked: { icon: 'ban', ...actorVerbSubject('blocked'), detail: beforeAndAfter },
  user_unblocked: { icon: 'circle-check', ...actorVerbSubject('unblocked'), detail: beforeAndAfter },
  activity_exported: {
    icon: 'download',
    parts: ({ actor, details }) => [actor, text(` exported ${countedDetail(details.rows, 'entry')}`)],
    detail: describeExport,
  },
  list_exported: {
    icon: 'download',
    parts: ({ actor, details }) => [actor, text(` exported ${countedDetail(details.rows, 'person')}`)],
    detail: describeListExport,
  },
  user_created: {
    icon: 'user-round-plus',
    ...actorVerbSubject('created the account of'),
    detail: ({ role, team }) => sentence([asText(role), asText(team)].filter(Boolean).join(', ')),
  },
  user_imported: {
    icon: 'user-round-plus',
    ...actorVerbSubject('imported'),
    detail: ({ file, line, team }) =>
      asText(file)
        ? `From ${asText(file)}, line ${asText(line)}${asText(team) && `, into ${asText(team)}`}.`
        : '',
  },
  user_updated: {
    icon: 'pencil',
    parts: ({ actor, subject, own, details }) => {
      const what = changedFieldLabel(details)
      return own
        ? [actor, text(` changed their own ${what}`)]
        : [actor, text(` changed the ${what} of `), subject]
    },
    detail: describeFieldChanges,
  },
  user_activated: {
    icon: 'circle-check',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' accepted their invitation')] : [actor, text(' activated '), subject],
    detail: beforeAndAfter,
  },
  user_deactivated: { icon: 'circle-pause', ...actorVerbSubject('deactivated'), detail: beforeAndAfter },
  campaign_started: {
    icon: 'send',
    parts: ({ actor, details }) => [
      actor,
      text(details.reminder ? ' sent the reminder of a campaign' : ' started a campaign'),
    ],
    detail: describeCampaignStart,
  },
  campaign_finished: {
    icon: 'flag',
    parts: ({ actor, details }) =>
      details.cancelled ? [actor, text(' cancelled a campaign')] : [text('A campaign sent its last email')],
    detail: describeCampaignEnd,
  },
  canned_response_changed: {
    icon: 'pencil',
    parts: ({ actor, details }) => [actor, text(` ${changeVerb(details)} a canned response`)],
    detail: ({ name }) => asText(name),
  },
  automation_run: { icon: 'bot', parts: ({ details }) => [text(runTitle(details))], detail: describeRun },
  password_expiry_reminder_sent: { icon: 'mail', ...sentTo('a reminder to change the password') },
  mail_failed: {
    icon: 'mail',
    bad: true,
    ...subjectVerb('An email to', ' could not be delivered'),
    detail: describeMailFailure,
  },
}
