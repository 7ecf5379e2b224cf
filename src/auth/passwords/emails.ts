import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { z } from 'zod'
import type { Actor, RequestContext, Person } from '../../access/actor.ts'
import { device } from '../../activity/device.ts'
import {
  formatDateTime,
  renewal,
  signIn,
  type EmailTemplates,
  type EmailContext,
} from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'

const ByAdmin = z.object({
  name: z.string(),
  email: z.string(),
  by: z.string(),
  at: z.coerce.date(),
  temporary: z.boolean(),
  signedOut: z.boolean(),
})
const ByYou = z.object({ name: z.string(), email: z.string(), at: z.coerce.date(), device: z.string() })

interface AdminAction {
  temporary: boolean
  signedOut: boolean
  at: Date
}

export function passwordChangedByAdminEmail(
  to: Person,
  { actor }: RequestContext<Actor>,
  action: AdminAction,
): QueuedEmail {
  const data = { ...action, name: to.name, email: to.email, by: `${actor.name}, ${actor.role.name}` }
  return { template: 'password_changed_by_office', to, data }
}

export function passwordChangedEmail(
  to: Person,
  { userAgent }: RequestContext,
  { at }: { at: Date },
): QueuedEmail {
  return {
    template: 'password_changed',
    to,
    data: { name: to.name, email: to.email, at, device: device(userAgent) },
  }
}

/** Who is asked about, when, and from which kind of device, or by whom in the office. */
export const RequestData = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  device: z.string(),
})

export function requestData(to: Person, by: RequestContext) {
  const office = by.actor !== null && by.actor.id !== to.id
  const from = office ? `${by.actor?.name ?? ''}, your office` : device(by.userAgent)
  return { name: to.name, email: to.email, at: new Date(), device: from }
}

export function requestDetails(
  { email, at, device }: { email: string; at: Date; device: string },
  setting: EmailContext,
): [string, string][] {
  return [
    ['Asked for', formatDateTime(at, setting)],
    ['From', device],
    ['Account', email],
  ]
}

const ownRequestDetails = (
  { at, device, email }: z.output<typeof ByYou>,
  setting: EmailContext,
): [string, string][] => [
  ['When', formatDateTime(at, setting)],
  ['Device', device],
  ['Account', email],
]

/** The link itself is made when the letter leaves, and stands in no row. */
export const passwordResetEmail = (to: Person, by: RequestContext, linkId: string): QueuedEmail => ({
  template: 'password_reset',
  to,
  data: { ...requestData(to, by), linkId },
})

export function passwordResetDoneEmail(
  to: Person,
  { userAgent }: RequestContext,
  { at }: { at: Date },
): QueuedEmail {
  const data = { name: to.name, email: to.email, at, device: device(userAgent) }
  return { template: 'password_reset_done', to, data }
}

export const passwordEmails: EmailTemplates = {
  password_reset(data, setting) {
    const { name, ...ask } = RequestData.parse(data)
    return {
      subject: 'Choose a new password',
      preheader: `The link works once, for ${linkLifetimeText('reset')}.`,
      heading: 'Choose a new password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Press the button to choose a new password for your account.'],
      details: requestDetails(ask, setting),
      button: { label: 'Choose a new password', href: setting.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('reset')}. ${renewal()} Until you use it, your old password stays as it is.`,
      callout: {
        heading: 'Did you not ask for it?',
        text: 'Then leave it: nothing changes. If it comes again, tell your office.',
      },
    }
  },

  password_reset_done(data, setting) {
    const told = ByYou.parse(data)
    return {
      subject: 'Your password was changed by a reset link',
      preheader: 'If it was not you, call your office at once.',
      heading: 'You chose a new password',
      greeting: `Hello ${firstName(told.name)},`,
      paragraphs: [
        'A link mailed to this address was used to choose a new password. All devices were signed out.',
      ],
      details: ownRequestDetails(told, setting),
      button: signIn(setting),
      callout: {
        heading: 'Was it not you?',
        text: 'Then somebody else reads your mail: call your office at once, and change the password of your mailbox.',
      },
    }
  },

  password_changed_by_office(data, setting) {
    const { name, email, by, at, temporary, signedOut } = ByAdmin.parse(data)
    const next = temporary ? ' You will be asked to choose your own when you next sign in.' : ''
    return {
      subject: 'Your password was changed',
      preheader: `${by} changed it. If that is a surprise, tell your office.`,
      heading: 'Your password was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [`Your office changed the password of your account.${next}`],
      details: [
        ['When', formatDateTime(at, setting)],
        ['By', by],
        ['Account', email],
        ['Devices', signedOut ? 'All were signed out' : 'They stay signed in'],
      ],
      button: signIn(setting),
      callout: {
        heading: 'Were you expecting this?',
        text: 'If yes, there is nothing to do. If not, call your office at once.',
      },
    }
  },

  password_changed(data, setting) {
    const told = ByYou.parse(data)
    return {
      subject: 'You changed your password',
      preheader: 'If it was not you, call your office at once.',
      heading: 'You changed your password',
      greeting: `Hello ${firstName(told.name)},`,
      paragraphs: [
        'The password of your account was changed by yourself. All other devices were signed out.',
      ],
      details: ownRequestDetails(told, setting),
      callout: {
        heading: 'Was it not you?',
        text: 'Then somebody else knows your password: call your office at once, and they will set a new one.',
      },
    }
  },
}
