import { describeMailFailure, describeRun, runTitle } from '../event-details.ts'
import { subjectVerb, sentTo, text, type EventDescription } from '../event-description.ts'

/** Events of jobs. */
export const systemEvents = {
  automation_run: {
    when: 'the chain was checked; a month was removed; a run of an automation is over',
    details:
      '`automation`, what it found or removed, the anchor (last entry and hash); `run_id`, `acts_for`, `by_hand`, `people`, `left_over`, `fault`',
    icon: 'bot',
    parts: ({ details }) => [text(runTitle(details))],
    detail: describeRun,
  },
  password_expiry_reminder_sent: {
    when: 'a reminder before that was queued',
    details: '`automation`, `run_id`, `acts_for`, `days_ahead`, `expires_at`',
    icon: 'mail',
    ...sentTo('a reminder to change the password'),
  },
  mail_failed: {
    when: 'Fieldkey gave up on an email',
    details: '`template`, `answer` of the mail server or `reason`',
    icon: 'mail',
    bad: true,
    ...subjectVerb('An email to', ' could not be delivered'),
    detail: describeMailFailure,
  },
} satisfies Record<string, EventDescription>
