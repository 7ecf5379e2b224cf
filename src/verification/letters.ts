import { z } from 'zod'
import type { By, Person } from '../access/actor.ts'
import { moment, renewal, signIn, type LetterBook } from '../foundation/mail/letter.ts'
import type { Posting } from '../foundation/mail/post.ts'
import { firstName } from '../foundation/names.ts'
import { Asked, asked, askedFacts } from '../passwords/letters.ts'

export const verifyLetter = (to: Person, by: By, linkId: string, leadsTo: string): Posting => ({
  template: 'email_verification',
  to,
  data: { ...asked(to, by), linkId, forgotten: leadsTo === 'reset' },
})

export const newAddressLetter = (to: Person, by: By, email: string, linkId: string): Posting => ({
  template: 'email_change',
  to: { ...to, email },
  data: { ...asked({ ...to, email }, by), linkId },
})

export function oldAddressLetter(to: Person, by: By, newEmail: string, linkId: string | undefined): Posting {
  return { template: 'email_change_notice', to, data: { ...asked(to, by), newEmail, linkId } }
}

export function movedLetter(to: Person, before: string, after: string): Posting {
  return { template: 'email_changed', to, data: { name: to.name, before, after, at: new Date() } }
}

const Verify = Asked.extend({ forgotten: z.boolean() })
const Notice = Asked.extend({ newEmail: z.string() })
const Moved = z.object({ name: z.string(), before: z.string(), after: z.string(), at: z.coerce.date() })

export const verificationLetters: LetterBook = {
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
      facts: askedFacts(ask, setting),
      button: { label: 'Confirm my email', href: setting.link ?? '' },
      small: `The link works once, for 24 hours. ${renewal()}`,
      question: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
    }
  },

  email_change(data, setting) {
    const { name, ...ask } = Asked.parse(data)
    return {
      subject: 'Confirm your new email',
      preheader: 'Your account keeps its old address until you do.',
      heading: 'Confirm your new email',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Press the button to use this address for your account. Until you do, the old one stays.'],
      facts: askedFacts(ask, setting),
      button: { label: 'Use this address', href: setting.link ?? '' },
      small: 'The link works once, for 60 minutes. If it has expired, ask for the change again.',
      question: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
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
        ...(setting.link ? [pressIfNotYou] : []),
      ],
      facts: [
        ['When', moment(at, setting)],
        ['Device', device],
        ['Old address', email],
        ['New address', newEmail],
      ],
      ...(setting.link
        ? {
            button: { label: 'It was not me', href: setting.link },
            small: 'The link works once, for 7 days.',
            question: { heading: 'Was it you?', text: 'Then there is nothing to do.' },
          }
        : { question: { heading: 'Was it not you?', text: 'Then call your office at once.' } }),
    }
  },

  email_changed(data, setting) {
    const { name, before, after, at } = Moved.parse(data)
    return {
      subject: 'Your email was changed',
      preheader: 'From now on you sign in with the new one.',
      heading: 'Your email was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'From now on you sign in with the new address, and all mail about your account goes there.',
      ],
      button: signIn(setting),
      facts: [
        ['When', moment(at, setting)],
        ['Old address', before],
        ['New address', after],
      ],
      question: {
        heading: 'Was it not you?',
        text: 'Press “It was not me” in the letter that came to the old address before, or call your office at once.',
      },
    }
  },
}

const pressIfNotYou =
  'If that was not you, press the button: your account keeps this address, every device is signed out, and you get a link to choose a new password.'
