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

const told = (to: Person, { actor }: RequestContext<Actor>) => ({
  ...{ name: to.name, email: to.email, by: `${actor.name}, ${actor.role.name}`, at: new Date() },
})

/** To the old address: whoever reads it can only object by calling, since the office may well have moved away from it. */
export const emailChangedByAdminEmail = (
  to: UserRow,
  by: RequestContext<Actor>,
  newEmail: string,
): QueuedEmail => ({
  template: 'email_changed_by_office',
  to,
  // Nobody has shown yet that an invited person reads mail at the old address: its reader is not told the new one.
  data: { ...told(to, by), newEmail: to.status === 'invited' ? null : newEmail },
})

interface RoleGiven {
  before: string
  after: string
  team: string | null
}

export const roleChangedEmail = (to: Person, by: RequestContext<Actor>, role: RoleGiven): QueuedEmail => ({
  template: 'role_changed',
  to,
  data: { ...told(to, by), ...role },
})

const Told = z.object({ name: z.string(), email: z.string(), by: z.string(), at: z.coerce.date() })
const EmailChanged = Told.extend({ newEmail: z.string().nullable() })
const RoleChanged = Told.extend({ before: z.string(), after: z.string(), team: z.string().nullable() })

const question = {
  heading: 'Were you expecting this?',
  text: 'If yes, there is nothing to do. If not, call your office at once.',
}

const invitationMoved = (
  { name, email, by, at }: z.output<typeof Told>,
  setting: EmailContext,
): EmailContent => ({
  subject: 'Your invitation was sent to another address',
  preheader: `${by} changed it. If that is a surprise, call your office.`,
  heading: 'Your invitation was sent to another address',
  greeting: `Hello ${firstName(name)},`,
  paragraphs: [
    'Your office changed the address of the account that you were invited to, and sent a new invitation there. The invitation at this address no longer works.',
  ],
  details: [
    ['When', formatDateTime(at, setting)],
    ['By', by],
    ['Old address', email],
  ],
  callout: question,
})

export const peopleEmails: EmailTemplates = {
  email_changed_by_office(data, setting) {
    const { name, email, by, at, newEmail } = EmailChanged.parse(data)
    if (newEmail === null) return invitationMoved(EmailChanged.parse(data), setting)
    return {
      subject: 'Your email was changed',
      preheader: `${by} changed it. If that is a surprise, call your office.`,
      heading: 'Your email was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your office gave your account another address. From now on you sign in with the new one, and all mail about your account goes there. All devices were signed out; your password stays as it is.',
      ],
      details: [
        ['When', formatDateTime(at, setting)],
        ['By', by],
        ['Old address', email],
        ['New address', newEmail],
      ],
      button: signIn(setting),
      callout: question,
    }
  },

  role_changed(data, setting) {
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
        'Your office changed what your account may do. It holds from now on, also where you are signed in.',
      ],
      details: [
        ['When', formatDateTime(at, setting)],
        ['By', by],
        ...role,
        ['Team', team ?? 'None'],
        ['Account', email],
      ],
      callout: question,
    }
  },
}
