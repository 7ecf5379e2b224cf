import { z } from 'zod'
import type { Actor, By, Person } from '../access/actor.ts'
import { device } from '../activity/device.ts'
import { moment, renewal, signIn, type LetterBook, type Setting } from '../foundation/mail/letter.ts'
import type { Posting } from '../foundation/mail/post.ts'
import { firstName } from '../foundation/names.ts'

const ByOffice = z.object({
  name: z.string(),
  email: z.string(),
  by: z.string(),
  at: z.coerce.date(),
  temporary: z.boolean(),
  signedOut: z.boolean(),
})
const ByYou = z.object({ name: z.string(), email: z.string(), at: z.coerce.date(), device: z.string() })

interface OfficeDeed {
  temporary: boolean
  signedOut: boolean
  at: Date
}

export function changedByOffice(to: Person, { actor }: By<Actor>, deed: OfficeDeed): Posting {
  const data = { ...deed, name: to.name, email: to.email, by: `${actor.name}, ${actor.role.name}` }
  return { template: 'password_changed_by_office', to, data }
}

export function changedByYou(to: Person, { userAgent }: By, { at }: { at: Date }): Posting {
  return {
    template: 'password_changed',
    to,
    data: { name: to.name, email: to.email, at, device: device(userAgent) },
  }
}

/** Who is asked about, when, and from which kind of device, or by whom in the office. */
export const Asked = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  device: z.string(),
})

export function asked(to: Person, by: By) {
  const office = by.actor !== null && by.actor.id !== to.id
  const from = office ? `${by.actor?.name ?? ''}, your office` : device(by.userAgent)
  return { name: to.name, email: to.email, at: new Date(), device: from }
}

export function askedFacts(
  { email, at, device }: { email: string; at: Date; device: string },
  setting: Setting,
): [string, string][] {
  return [
    ['Asked for', moment(at, setting)],
    ['From', device],
    ['Account', email],
  ]
}

const ownDeedFacts = (
  { at, device, email }: z.output<typeof ByYou>,
  setting: Setting,
): [string, string][] => [
  ['When', moment(at, setting)],
  ['Device', device],
  ['Account', email],
]

/** The link itself is made when the letter leaves, and stands in no row. */
export const resetLink = (to: Person, by: By, linkId: string): Posting => ({
  template: 'password_reset',
  to,
  data: { ...asked(to, by), linkId },
})

export function changedByReset(to: Person, { userAgent }: By, { at }: { at: Date }): Posting {
  const data = { name: to.name, email: to.email, at, device: device(userAgent) }
  return { template: 'password_reset_done', to, data }
}

export const passwordLetters: LetterBook = {
  password_reset(data, setting) {
    const { name, ...ask } = Asked.parse(data)
    return {
      subject: 'Choose a new password',
      preheader: 'The link works once, for 60 minutes.',
      heading: 'Choose a new password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Press the button to choose a new password for your account.'],
      facts: askedFacts(ask, setting),
      button: { label: 'Choose a new password', href: setting.link ?? '' },
      small: `The link works once, for 60 minutes. ${renewal()} Until you use it, your old password stays as it is.`,
      question: {
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
      facts: ownDeedFacts(told, setting),
      button: signIn(setting),
      question: {
        heading: 'Was it not you?',
        text: 'Then somebody else reads your mail: call your office at once, and change the password of your mailbox.',
      },
    }
  },

  password_changed_by_office(data, setting) {
    const { name, email, by, at, temporary, signedOut } = ByOffice.parse(data)
    const next = temporary ? ' You will be asked to choose your own when you next sign in.' : ''
    return {
      subject: 'Your password was changed',
      preheader: `${by} changed it. If that is a surprise, tell your office.`,
      heading: 'Your password was changed',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [`Your office changed the password of your account.${next}`],
      facts: [
        ['When', moment(at, setting)],
        ['By', by],
        ['Account', email],
        ['Devices', signedOut ? 'All were signed out' : 'They stay signed in'],
      ],
      button: signIn(setting),
      question: {
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
      facts: ownDeedFacts(told, setting),
      question: {
        heading: 'Was it not you?',
        text: 'Then somebody else knows your password: call your office at once, and they will set a new one.',
      },
    }
  },
}
