import { z } from 'zod'
import type { Person } from '../access/actor.ts'
import { formatDateTime, type EmailTemplates, type EmailContext } from '../platform/email/render.ts'
import type { QueuedEmail } from '../platform/email/queue.ts'
import { firstName } from '../platform/person-names.ts'
import type { Expired } from '../auth/passwords/expire-passwords.ts'
import { counted } from './definitions.ts'
import type { Due } from './due/queries.ts'

const Reminder = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  days: z.number(),
  enforced: z.boolean(),
})
const ExpiredData = z.object({ name: z.string(), email: z.string(), until: z.coerce.date() })
const PeopleData = z.object({
  name: z.string(),
  people: z.array(z.object({ name: z.string(), team: z.string().nullable(), at: z.coerce.date() })),
  days: z.number().optional(),
})

export const passwordExpiryReminderEmail = (
  to: Person,
  { at, days, enforced }: { at: Date; days: number; enforced: boolean },
): QueuedEmail => ({
  template: 'password_expiry_reminder',
  to,
  data: { name: to.name, email: to.email, at, days, enforced },
})

export const passwordExpiredEmail = ({ graceUntil, ...to }: Expired): QueuedEmail => ({
  template: 'password_expired',
  to,
  data: { name: to.name, email: to.email, until: graceUntil },
})

const listed = (people: Due[]) =>
  people.map(({ name, teamName, since }) => ({ name, team: teamName, at: since }))

export const temporaryPasswordsExpiredEmail = (to: Person, people: Due[]): QueuedEmail => ({
  template: 'temporary_passwords_died',
  to,
  data: { name: to.name, people: listed(people) },
})

export const accountsDeactivatedEmail = (to: Person, people: Due[], days: number): QueuedEmail => ({
  template: 'accounts_made_inactive',
  to,
  data: { name: to.name, people: listed(people), days },
})

/** No link that opens anything: they sign in, or ask for a link themselves, which then lives its hour. */
const ownPage = ({ baseUrl }: EmailContext) => ({
  label: 'Choose a new password',
  href: `${baseUrl}/account/password`,
})
const forgotPasswordText = (baseUrl: string) => ({
  paragraph: `Forgotten the old one? Ask for a link:\n${baseUrl}/forgot-password`,
  pressable: `${baseUrl}/forgot-password`,
})

export const automationEmails: EmailTemplates = {
  password_expiry_reminder(data, setting) {
    const { name, email, at, days, enforced } = Reminder.parse(data)
    const { paragraph, pressable } = forgotPasswordText(setting.baseUrl)
    const then = enforced
      ? 'From then on you will be asked for a new one when you sign in.'
      : 'Nothing happens by itself on that day.'
    return {
      subject: 'Choose a new password soon',
      preheader: `Your company asks for a new one every ${days} days.`,
      heading: 'Your password is getting old',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `Your company asks for a new password every ${days} days, and yours is that old on the day below. ${then}`,
        paragraph,
      ],
      linkText: pressable,
      details: [
        [`${days} days old on`, formatDateTime(at, setting)],
        ['Account', email],
      ],
      button: ownPage(setting),
      footnote: 'You sign in first, with the password that you have.',
    }
  },

  password_expired(data, setting) {
    const { name, email, until } = ExpiredData.parse(data)
    const { paragraph, pressable } = forgotPasswordText(setting.baseUrl)
    return {
      subject: 'Your password has expired',
      preheader: 'You choose a new one when you next sign in.',
      heading: 'Your password has expired',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your company asks for a new password from time to time. You choose it when you next sign in; where you are signed in you can go on until the time below.',
        paragraph,
      ],
      linkText: pressable,
      details: [
        ['You can go on until', formatDateTime(until, setting)],
        ['Account', email],
      ],
      button: ownPage(setting),
      footnote: 'You sign in first, with the password that you have.',
    }
  },

  temporary_passwords_died(data, setting) {
    const { name, people } = PeopleData.parse(data)
    return {
      subject: `${counted(people.length, 'temporary password')} died unused`,
      preheader: 'Whoever was to use it cannot sign in.',
      heading: `${counted(people.length, 'temporary password')} died unused`,
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'The people below did not replace theirs in time, so it works no longer. Call them, and set another one or send a reset link.',
      ],
      details: peopleDetails(people, setting),
      button: { label: 'Open the fieldworkers', href: `${setting.baseUrl}/fieldworkers` },
    }
  },

  accounts_made_inactive(data, setting) {
    const { name, people, days = 0 } = PeopleData.parse(data)
    return {
      subject: `${counted(people.length, 'dormant account')} made inactive`,
      preheader: `Nobody had signed in for ${days} days.`,
      heading: `${counted(people.length, 'dormant account')} made inactive`,
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `The people below had not signed in for ${days} days, counted from the day beside each, so they are off season now and cannot sign in. Their passwords stay as they are: activate whoever comes back.`,
      ],
      details: peopleDetails(people, setting),
      button: {
        label: 'Open those who are inactive',
        href: `${setting.baseUrl}/settings/company/users?status=inactive`,
      },
    }
  },
}

const peopleDetails = (
  people: z.output<typeof PeopleData>['people'],
  setting: EmailContext,
): [string, string][] =>
  people.map(({ name, team, at }) => [name, [team, formatDateTime(at, setting)].filter(Boolean).join(', ')])
