import { z } from 'zod'
import type { By, Person } from '../access/actor.ts'
import { device } from '../activity/device.ts'
import type { LetterBook } from '../foundation/mail/letter.ts'
import type { Posting } from '../foundation/mail/post.ts'
import { first, moment } from '../passwords/letters.ts'

export const verifyLetter = (to: Person, linkId: string): Posting => ({
  template: 'email_verification',
  to,
  data: { name: to.name, email: to.email, linkId },
})

export const newAddressLetter = (to: Person, email: string, linkId: string): Posting => ({
  template: 'email_change',
  to: { ...to, email },
  data: { name: to.name, email, linkId },
})

export function oldAddressLetter(to: Person, by: By, newEmail: string, linkId: string): Posting {
  const data = {
    name: to.name,
    email: to.email,
    newEmail,
    at: new Date(),
    device: device(by.userAgent),
    linkId,
  }
  return { template: 'email_change_notice', to, data }
}

const WithLink = z.object({ name: z.string(), email: z.string() })
const Notice = WithLink.extend({ newEmail: z.string(), at: z.coerce.date(), device: z.string() })

export const verificationLetters: LetterBook = {
  email_verification(data, { link = '' }) {
    const { name, email } = WithLink.parse(data)
    return {
      subject: 'Confirm your email',
      preheader: 'One press, and your account can use this address.',
      heading: 'Confirm your email',
      greeting: `Hello ${first(name)},`,
      paragraphs: [
        'press the button to confirm that this address is yours. You can then go on where you were.',
      ],
      facts: [['Account', email]],
      button: { label: 'Confirm my email', href: link },
      small: 'The link works once, for 24 hours.',
      question: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
    }
  },

  email_change(data, { link = '' }) {
    const { name, email } = WithLink.parse(data)
    return {
      subject: 'Confirm your new email',
      preheader: 'Your account keeps its old address until you do.',
      heading: 'Confirm your new email',
      greeting: `Hello ${first(name)},`,
      paragraphs: ['press the button to use this address for your account. Until you do, the old one stays.'],
      facts: [['New address', email]],
      button: { label: 'Use this address', href: link },
      small: 'The link works once, for 60 minutes.',
      question: { heading: 'Did you not ask for it?', text: 'Then leave it: nothing changes.' },
    }
  },

  email_change_notice(data, setting) {
    const { name, email, newEmail, at, device } = Notice.parse(data)
    return {
      subject: 'A new email was asked for on your account',
      preheader: 'If it was not you, press “It was not me”.',
      heading: 'Your email is about to change',
      greeting: `Hello ${first(name)},`,
      paragraphs: ['somebody who knows your password asked to use another address for your account.'],
      facts: [
        ['When', moment(at, setting)],
        ['Device', device],
        ['Old address', email],
        ['New address', newEmail],
      ],
      question: {
        heading: 'Was it not you?',
        text: 'Press the button: your account keeps this address, every device is signed out, and you choose a new password.',
      },
      button: { label: 'It was not me', href: setting.link ?? '' },
      small: 'If it was you, there is nothing to do. The link works once, for 7 days.',
    }
  },
}
