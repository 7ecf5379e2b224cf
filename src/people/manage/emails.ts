import { z } from 'zod'
import type { Actor, RequestContext, Person } from '../../access/actor.ts'
import {
  formatDateTime,
  signIn,
  type EmailContent,
  type EmailTemplates,
  type EmailContext,
} from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'
import type { UserRow } from '../queries.ts'

const changeData = (to: Person, { actor }: RequestContext<Actor>) => ({
  name: to.name,
  email: to.email,
  by: `${actor.name}, ${actor.role.name}`,
  at: new Date(),
})

/** To the old address. It has no link to object, since it may be wrong or belong to another person by now. */
export const emailChangedByAdminEmail = (
  to: UserRow,
  by: RequestContext<Actor>,
  newEmail: string,
): QueuedEmail => ({
  template: 'email_changed_by_office',
  to,
  // The old address of an invited person was never verified, so its reader does not get the new one.
  data: { ...changeData(to, by), newEmail: to.status === 'invited' ? null : newEmail },
})

interface RoleChange {
  before: string
  after: string
  team: string | null
}

export const roleChangedEmail = (to: Person, by: RequestContext<Actor>, role: RoleChange): QueuedEmail => ({
  template: 'role_changed',
  to,
  data: { ...changeData(to, by), ...role },
})

const ChangeData = z.object({ name: z.string(), email: z.string(), by: z.string(), at: z.coerce.date() })
const EmailChanged = ChangeData.extend({ newEmail: z.string().nullable() })
const RoleChanged = ChangeData.extend({ before: z.string(), after: z.string(), team: z.string().nullable() })

const callout = {
  heading: 'Were you expecting this?',
  text: 'If yes, there is nothing to do. If not, call your office immediately.',
}

const invitationMovedEmail = (
  { name, email, by, at }: z.output<typeof ChangeData>,
  context: EmailContext,
): EmailContent => ({
  subject: 'Your invitation was sent to another address',
  preheader: `${by} changed it. If that is a surprise, call your office.`,
  heading: 'Your invitation was sent to another address',
  greeting: `Hello ${firstName(name)},`,
  paragraphs: [
    'Your office changed the address of the account that you were invited to, and sent a new invitation there. The invitation at this address no longer works.',
  ],
  details: [
    ['When', formatDateTime(at, context)],
    ['By', by],
    ['Old address', email],
  ],
  callout,
})

export const peopleEmails: EmailTemplates = {
  email_changed_by_office(data, context) {
    const { name, email, by, at, newEmail } = EmailChanged.parse(data)
    if (newEmail === null) return invitationMovedEmail(EmailChanged.parse(data), context)
    return {
      subject: 'Your email was changed',
      preheader: `${by} changed it. If that is a surprise, call your office.`,
      heading: 'Your email was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your office changed the email address of your account. Sign in with the new one from now on; all emails about your account go there. All devices were signed out. Your password has not changed.',
      ],
      details: [
        ['When', formatDateTime(at, context)],
        ['By', by],
        ['Old address', email],
        ['New address', newEmail],
      ],
      button: signIn(context),
      callout,
    }
  },

  role_changed(data, context) {
    const { name, email, by, at, before, after, team } = RoleChanged.parse(data)
    const role: [string, string][] =
      before === after
        ? [['Role', after]]
        : [
            ['Role before', before],
            ['Role now', after],
          ]
    return {
      subject: 'Your role was changed',
      preheader: `${by} changed it. If that is a surprise, call your office.`,
      heading: 'Your role was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your office changed what your account may do. It takes effect immediately, also where you are signed in.',
      ],
      details: [
        ['When', formatDateTime(at, context)],
        ['By', by],
        ...role,
        ['Team', team ?? 'None'],
        ['Account', email],
      ],
      callout,
    }
  },
}
