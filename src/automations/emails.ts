import { z } from 'zod'
import type { Person } from '../access/actor.ts'
import { formatDateTime, type EmailTemplates, type EmailContext } from '../platform/email/render.ts'
import type { QueuedEmail } from '../platform/email/queue.ts'
import { firstName } from '../platform/person-names.ts'
import type { Expired } from '../auth/passwords/expire-passwords.ts'
import { counted } from '../platform/counted.ts'
import type { Due } from './due/queries.ts'

const ReminderData = z.object({
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

const peopleData = (people: Due[]) =>
  people.map(({ name, teamName, since }) => ({ name, team: teamName, at: since }))

export const temporaryPasswordsExpiredEmail = (to: Person, people: Due[]): QueuedEmail => ({
  template: 'temporary_passwords_expired',
  to,
  data: { name: to.name, people: peopleData(people) },
})

export const accountsDeactivatedEmail = (to: Person, people: Due[], days: number): QueuedEmail => ({
  template: 'accounts_made_inactive',
  to,
  data: { name: to.name, people: peopleData(people), days },
})

/** These emails contain no token: people sign in, or request a reset link, which then works for an hour. */
const ownPage = ({ baseUrl }: EmailContext) => ({
  label: 'Choose a new password',
  href: `${baseUrl}/account/password`,
})
const forgotPasswordText = (baseUrl: string) => ({
  paragraph: `Forgot your password? Request a link:\n${baseUrl}/forgot-password`,
  linkText: `${baseUrl}/forgot-password`,
})

export const automationEmails: EmailTemplates = {
  password_expiry_reminder(data, context) {
    const { name, email, at, days, enforced } = ReminderData.parse(data)
    const { paragraph, linkText } = forgotPasswordText(context.baseUrl)
    const nextStep = enforced
      ? 'From then on you will be asked for a new one when you sign in.'
      : 'Nothing happens automatically on that day.'
    return {
      subject: 'Choose a new password soon',
      preheader: `Your company asks for a new one every ${days} days.`,
      heading: 'Your password is getting old',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `Your company asks for a new password every ${days} days, and yours will be that old on the date below. ${nextStep}`,
        paragraph,
      ],
      linkText: linkText,
      details: [
        [`${days} days old on`, formatDateTime(at, context)],
        ['Account', email],
      ],
      button: ownPage(context),
      footnote: 'You first sign in with your current password.',
    }
  },

  password_expired(data, context) {
    const { name, email, until } = ExpiredData.parse(data)
    const { paragraph, linkText } = forgotPasswordText(context.baseUrl)
    return {
      subject: 'Your password has expired',
      preheader: 'You choose a new one when you next sign in.',
      heading: 'Your password has expired',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'Your company asks for a new password from time to time. You choose it when you next sign in. Where you are signed in, you can continue until the time below.',
        paragraph,
      ],
      linkText: linkText,
      details: [
        ['You can continue until', formatDateTime(until, context)],
        ['Account', email],
      ],
      button: ownPage(context),
      footnote: 'You sign in first, with the password that you have.',
    }
  },

  temporary_passwords_expired(data, context) {
    const { name, people } = PeopleData.parse(data)
    return {
      subject: `${counted(people.length, 'temporary password')} expired, never used`,
      preheader: 'The people they were for cannot sign in.',
      heading: `${counted(people.length, 'temporary password')} expired, never used`,
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'The people below did not replace theirs in time, so it no longer works. Call them, and set another one or send a reset link.',
      ],
      details: peopleDetails(people, context),
      button: { label: 'Open the fieldworkers', href: `${context.baseUrl}/fieldworkers` },
    }
  },

  accounts_made_inactive(data, context) {
    const { name, people, days = 0 } = PeopleData.parse(data)
    return {
      subject: `${counted(people.length, 'dormant account')} made inactive`,
      preheader: `No one had signed in for ${days} days.`,
      heading: `${counted(people.length, 'dormant account')} made inactive`,
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `The people below had not signed in for ${days} days, counted from the date next to each name. They are now inactive and cannot sign in. Their passwords have not changed: activate people who come back.`,
      ],
      details: peopleDetails(people, context),
      button: {
        label: 'Open inactive people',
        href: `${context.baseUrl}/settings/company/users?status=inactive`,
      },
    }
  },
}

const peopleDetails = (
  people: z.output<typeof PeopleData>['people'],
  context: EmailContext,
): [string, string][] =>
  people.map(({ name, team, at }) => [name, [team, formatDateTime(at, context)].filter(Boolean).join(', ')])
