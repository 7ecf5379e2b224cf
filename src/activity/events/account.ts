import {
  beforeAndAfter,
  describeCampaignStart,
  describeCampaignEnd,
  describeFieldChanges,
  sentence,
  changedFieldLabel,
  changeVerb,
  asText,
} from '../event-details.ts'
import { actorVerbSubject, text, type EventDescription } from '../event-description.ts'

/** Events about accounts, and the emails to many of them. */
export const accountEvents = {
  user_created: {
    when: 'the office added and invited someone',
    details: '`role`, `team`',
    icon: 'user-round-plus',
    ...actorVerbSubject('created the account of'),
    detail: ({ role, team }) => sentence([asText(role), asText(team)].filter(Boolean).join(', ')),
  },
  user_imported: {
    when: 'someone was created from a row of a file, and invited',
    details: '`file`, `line`, `team`',
    icon: 'user-round-plus',
    ...actorVerbSubject('imported'),
    detail: ({ file, line, team }) =>
      asText(file)
        ? `From ${asText(file)}, line ${asText(line)}${asText(team) && `, into ${asText(team)}`}.`
        : '',
  },
  user_updated: {
    when: 'details changed: address, name, phone or team',
    details: '`email_before`, `email_after` and so on',
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
    when: 'an invitation was accepted, or someone inactive was activated',
    details: '`before`, `after`',
    icon: 'circle-check',
    parts: ({ actor, subject, own }) =>
      own ? [actor, text(' accepted their invitation')] : [actor, text(' activated '), subject],
    detail: beforeAndAfter,
  },
  user_deactivated: {
    when: 'someone was made inactive',
    details: '`before`, `after`',
    icon: 'circle-pause',
    ...actorVerbSubject('deactivated'),
    detail: beforeAndAfter,
  },
  campaign_started: {
    when: 'emails to many people, or a reminder of them, were started',
    details: '`name`, `people`, `left_out`, `reminder`',
    icon: 'send',
    parts: ({ actor, details }) => [
      actor,
      text(details.reminder ? ' sent the reminder of a campaign' : ' started a campaign'),
    ],
    detail: describeCampaignStart,
  },
  campaign_finished: {
    when: 'the last email was sent, or someone cancelled the rest',
    details: '`name`, the counts at that time, `cancelled`',
    icon: 'flag',
    parts: ({ actor, details }) =>
      details.cancelled ? [actor, text(' cancelled a campaign')] : [text('A campaign sent its last email')],
    detail: describeCampaignEnd,
  },
  canned_response_changed: {
    when: 'a canned response was created, changed, restored or deleted',
    details: '`name`, `before`, `after`',
    icon: 'pencil',
    parts: ({ actor, details }) => [actor, text(` ${changeVerb(details)} a canned response`)],
    detail: ({ name }) => asText(name),
  },
} satisfies Record<string, EventDescription>
