import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { z } from 'zod'
import type { RequestContext, Person } from '../../access/actor.ts'
import { formatDateTime, renewal, signIn, type EmailTemplates } from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'
import { RequestData, requestData, requestDetails } from '../passwords/emails.ts'

export const emailVerificationEmail = (
  to: Person,
  by: RequestContext,
  linkId: string,
  leadsTo: string,
): QueuedEmail => ({
  template: 'email_verification',
  to,
  data: { ...requestData(to, by), linkId, forgotten: leadsTo === 'reset' },
})

export const emailChangeEmail = (
  to: Person,
  by: RequestContext,
  email: string,
  linkId: string,
): QueuedEmail => ({
  template: 'email_change',
  to: { ...to, email },
  data: { ...requestData({ ...to, email }, by), linkId },
})

export function emailChangeNoticeEmail(
  to: Person,
  by: RequestContext,
  newEmail: string,
  linkId: string | undefined,
): QueuedEmail {
  return { template: 'email_change_notice', to, data: { ...requestData(to, by), newEmail, linkId } }
}

export function emailChangedEmail(to: Person, before: string, after: string): QueuedEmail {
  return { template: 'email_changed', to, data: { name: to.name, before, after, at: new Date() } }
}

const Verify = RequestData.extend({ forgotten: z.boolean() })
const Notice = RequestData.extend({ newEmail: z.string() })
const EmailChanged = z.object({
  name: z.string(),
  before: z.string(),
  after: z.string(),
  at: z.coerce.date(),
})

export const verificationEmails: EmailTemplates = {
  email_verification(data, context) {
    const { name, forgotten, ...request } = Verify.parse(data)
    const next = forgotten ? 'You can then choose a new password.' : 'You can then continue where you were.'
    return {
      subject: 'Confirm your email',
      preheader: 'Confirm that this address is yours.',
      heading: 'Confirm your email',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [`Select the button to confirm that this address is yours. ${next}`],
      details: requestDetails(request, context),
      button: { label: 'Confirm my email', href: context.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('verify')}. ${renewal()}`,
      callout: { heading: 'Didn’t ask for this?', text: 'Ignore this email: nothing changes.' },
    }
  },

  email_change(data, context) {
    const { name, ...request } = RequestData.parse(data)
    return {
      subject: 'Confirm your new email',
      preheader: 'Your account keeps its old address until you do.',
      heading: 'Confirm your new email',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Select the button to use this address for your account. Until then, the old one stays.'],
      details: requestDetails(request, context),
      button: { label: 'Use this address', href: context.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('email_change')}. If it has expired, request the change again.`,
      callout: { heading: 'Didn’t ask for this?', text: 'Ignore this email: nothing changes.' },
    }
  },

  email_change_notice(data, context) {
    const { name, email, newEmail, at, device } = Notice.parse(data)
    return {
      subject: 'Someone asked to change your account’s email',
      preheader: 'If this wasn’t you, act now.',
      heading: 'Your email is about to change',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Someone who knows your password asked to use another address for your account.',
        ...(context.link ? [disputeCallout] : []),
      ],
      details: [
        ['When', formatDateTime(at, context)],
        ['Device', device],
        ['Old address', email],
        ['New address', newEmail],
      ],
      ...(context.link
        ? {
            button: { label: 'This wasn’t me', href: context.link },
            footnote: `The link works once, for ${linkLifetimeText('not_me')}.`,
            callout: { heading: 'Was this you?', text: 'There is nothing to do.' },
          }
        : { callout: { heading: 'Wasn’t you?', text: 'Call your office now.' } }),
    }
  },

  email_changed(data, context) {
    const { name, before, after, at } = EmailChanged.parse(data)
    return {
      subject: 'Your email was changed',
      preheader: 'Sign in with the new one from now on.',
      heading: 'Your email was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Sign in with the new address from now on. All email about your account goes there.'],
      button: signIn(context),
      details: [
        ['When', formatDateTime(at, context)],
        ['Old address', before],
        ['New address', after],
      ],
      callout: {
        heading: 'Wasn’t you?',
        text: 'Select “This wasn’t me” in the earlier email to the old address, or call your office now.',
      },
    }
  },
}

const disputeCallout =
  'If this wasn’t you, select the button. Your account then keeps this address, every device is signed out, and you get a link to choose a new password.'
