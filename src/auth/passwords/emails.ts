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

const ChangedByAdmin = z.object({
  name: z.string(),
  email: z.string(),
  by: z.string(),
  at: z.coerce.date(),
  temporary: z.boolean(),
  signedOut: z.boolean(),
})
const ChangedByOwner = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  device: z.string(),
})

const ResetDone = ChangedByOwner.extend({ shown: z.boolean().default(false) })
const usedEmail = 'A link emailed to this address was used to choose a new password.'
const usedCode = 'The QR code that your office showed you was used to choose a new password.'
const CodeShown = z.object({
  name: z.string(),
  email: z.string(),
  by: z.string(),
  at: z.coerce.date(),
  expiresAt: z.coerce.date(),
})

interface AdminAction {
  temporary: boolean
  signedOut: boolean
  at: Date
}

export function passwordChangedByOfficeEmail(
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

/** The account that a request is about, when it was made, and on which device or by which admin. */
export const RequestData = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  device: z.string(),
})

export function requestData(to: Person, by: RequestContext) {
  const isAdmin = by.actor !== null && by.actor.id !== to.id
  const from = isAdmin ? `${by.actor?.name ?? ''}, your office` : device(by.userAgent)
  return { name: to.name, email: to.email, at: new Date(), device: from }
}

export function requestDetails(
  { email, at, device }: { email: string; at: Date; device: string },
  context: EmailContext,
): [string, string][] {
  return [
    ['Asked for', formatDateTime(at, context)],
    ['From', device],
    ['Account', email],
  ]
}

const changeDetails = (
  { at, device, email }: z.output<typeof ChangedByOwner>,
  context: EmailContext,
): [string, string][] => [
  ['When', formatDateTime(at, context)],
  ['Device', device],
  ['Account', email],
]

/** The token of the link is created when the email is sent, and is stored in no row. */
export const passwordResetEmail = (to: Person, by: RequestContext, linkId: string): QueuedEmail => ({
  template: 'password_reset',
  to,
  data: { ...requestData(to, by), linkId },
})

export function passwordResetDoneEmail(
  to: Person,
  { userAgent }: RequestContext,
  { at, shown }: { at: Date; shown: boolean },
): QueuedEmail {
  const data = { name: to.name, email: to.email, at, device: device(userAgent), shown }
  return { template: 'password_reset_done', to, data }
}

export function signInCodeShownEmail(
  to: Person,
  { actor }: RequestContext<Actor>,
  { expiresAt }: { expiresAt: Date },
): QueuedEmail {
  const by = `${actor.name}, ${actor.role.name}`
  const data = { name: to.name, email: to.email, by, at: new Date(), expiresAt }
  return { template: 'sign_in_code_shown', to, data }
}

export const passwordEmails: EmailTemplates = {
  password_reset(data, context) {
    const { name, ...request } = RequestData.parse(data)
    return {
      subject: 'Choose a new password',
      preheader: `The link works once, for ${linkLifetimeText('reset')}.`,
      heading: 'Choose a new password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Select the button to choose a new password for your account.'],
      details: requestDetails(request, context),
      button: { label: 'Choose a new password', href: context.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('reset')}. ${renewal()} Until you use it, your old password stays as it is.`,
      callout: {
        heading: 'Didn’t ask for this?',
        text: 'Ignore this email: nothing changes. If you get another one, tell your office.',
      },
    }
  },

  password_reset_done(data, context) {
    const change = ResetDone.parse(data)
    return {
      subject: 'Your password was changed by a reset link',
      preheader: 'If this wasn’t you, call your office now.',
      heading: 'You chose a new password',
      greeting: `Hello ${firstName(change.name)},`,
      paragraphs: [`${change.shown ? usedCode : usedEmail} All devices were signed out.`],
      details: changeDetails(change, context),
      button: signIn(context),
      callout: {
        heading: 'Wasn’t you?',
        text: change.shown
          ? 'Call your office now: they showed the code to someone else.'
          : 'Someone else can read your email. Call your office now, and change the password of your mailbox.',
      },
    }
  },

  sign_in_code_shown(data, context) {
    const { name, email, by, at, expiresAt } = CodeShown.parse(data)
    return {
      subject: 'Your office showed a sign-in QR code',
      preheader: `${by} showed it. If you weren’t there, call your office now.`,
      heading: 'A sign-in QR code was shown',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your office showed a QR code that lets you choose a new password. Until it is used, your old password works.',
      ],
      details: [
        ['When', formatDateTime(at, context)],
        ['By', by],
        ['Works until', formatDateTime(expiresAt, context)],
        ['Account', email],
      ],
      callout: {
        heading: 'Were you there?',
        text: 'If so, there is nothing to do. If not, call your office now: someone else may have scanned it.',
      },
    }
  },

  password_changed_by_office(data, context) {
    const { name, email, by, at, temporary, signedOut } = ChangedByAdmin.parse(data)
    const next = temporary ? ' You will be asked to choose your own when you next sign in.' : ''
    return {
      subject: 'Your password was changed',
      preheader: `${by} changed it. If you didn’t expect this, tell your office.`,
      heading: 'Your password was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [`Your office changed the password of your account.${next}`],
      details: [
        ['When', formatDateTime(at, context)],
        ['By', by],
        ['Account', email],
        ['Devices', signedOut ? 'All signed out' : 'Still signed in'],
      ],
      button: signIn(context),
      callout: {
        heading: 'Were you expecting this?',
        text: 'If so, there is nothing to do. If not, call your office now.',
      },
    }
  },

  password_changed(data, context) {
    const change = ChangedByOwner.parse(data)
    return {
      subject: 'You changed your password',
      preheader: 'If this wasn’t you, call your office now.',
      heading: 'You changed your password',
      greeting: `Hello ${firstName(change.name)},`,
      paragraphs: ['You changed the password of your account. All other devices were signed out.'],
      details: changeDetails(change, context),
      callout: {
        heading: 'Wasn’t you?',
        text: 'Someone else knows your password. Call your office now: they will set a new one.',
      },
    }
  },
}
