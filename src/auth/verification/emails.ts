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
  email_verification(data, setting) {
    const { name, forgotten, ...ask } = Verify.parse(data)
    const next = forgotten
      ? 'You can then choose a new password, as was asked for.'
      : 'You can then go on where you were.'
    return {
      subject: 'Confirm your email',
      preheader: 'One press, and your account can use this address.',
      heading: 'Confirm your email',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [`Press the button to confirm that this address is yours. ${next}`],
      details: requestDetails(ask, setting),
      button: { label: 'Confirm my email', href: setting.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('verify')}. ${renewal()}`,
      callout: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
    }
  },

  email_change(data, setting) {
    const { name, ...ask } = RequestData.parse(data)
    return {
      subject: 'Confirm your new email',
      preheader: 'Your account keeps its old address until you do.',
      heading: 'Confirm your new email',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Press the button to use this address for your account. Until you do, the old one stays.'],
      details: requestDetails(ask, setting),
      button: { label: 'Use this address', href: setting.link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('email_change')}. If it has expired, ask for the change again.`,
      callout: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
    }
  },

  email_change_notice(data, setting) {
    const { name, email, newEmail, at, device } = Notice.parse(data)
    return {
      subject: 'A new email was asked for on your account',
      preheader: 'If it was not you, act now.',
      heading: 'Your email is about to change',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Somebody who knows your password asked to use another address for your account.',
        ...(setting.link ? [disputeCallout] : []),
      ],
      details: [
        ['When', formatDateTime(at, setting)],
        ['Device', device],
        ['Old address', email],
        ['New address', newEmail],
      ],
      ...(setting.link
        ? {
            button: { label: 'It was not me', href: setting.link },
            footnote: `The link works once, for ${linkLifetimeText('not_me')}.`,
            callout: { heading: 'Was it you?', text: 'Then there is nothing to do.' },
          }
        : { callout: { heading: 'Was it not you?', text: 'Then call your office at once.' } }),
    }
  },

  email_changed(data, setting) {
    const { name, before, after, at } = EmailChanged.parse(data)
    return {
      subject: 'Your email was changed',
      preheader: 'From now on you sign in with the new one.',
      heading: 'Your email was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'From now on you sign in with the new address, and all mail about your account goes there.',
      ],
      button: signIn(setting),
      details: [
        ['When', formatDateTime(at, setting)],
        ['Old address', before],
        ['New address', after],
      ],
      callout: {
        heading: 'Was it not you?',
        text: 'Press “It was not me” in the letter that came to the old address before, or call your office at once.',
      },
    }
  },
}

const disputeCallout =
  'If that was not you, press the button: your account keeps this address, every device is signed out, and you get a link to choose a new password.'
