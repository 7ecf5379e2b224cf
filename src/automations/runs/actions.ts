import type { RequestContext, Person, Target } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmails } from '../../platform/email/queue.ts'
import { expirePasswords } from '../../auth/passwords/expire-passwords.ts'
import { evaluateChanges, applyStatus } from '../../people/change-status.ts'
import type { AutomationKey, Settings } from '../definitions.ts'
import type { Due } from '../due/queries.ts'
import {
  accountsDeactivatedEmail,
  temporaryPasswordsExpiredEmail,
  passwordExpiredEmail,
  passwordExpiryReminderEmail,
} from '../emails.ts'

/** What a run needs: the person it runs as, its settings, and the details of every event it records. */
export interface RunContext {
  by: RequestContext
  author: Target
  settings: Settings
  /** The age at which passwords expire, and whether that is enforced. */
  age: { days: number; enforced: boolean }
  details: Record<string, unknown>
}

/** What each automation does to people who are due and locked. Returns how many it acted on. */
export const automationActions: Record<
  AutomationKey,
  (tx: Tx, context: RunContext, people: Due[]) => Promise<number>
> = {
  async temporary(tx, { author }, people) {
    const emails = byRecipient(people, author).map(({ to, about }) =>
      temporaryPasswordsExpiredEmail(to, about),
    )
    await enqueueEmails(tx, emails)
    return people.length
  },

  async reminder(tx, { by, age, details }, people) {
    const emails = people.map((to) => passwordExpiryReminderEmail(to, { at: to.at ?? to.since, ...age }))
    await enqueueEmails(tx, emails)
    const events = people.map((subject) => ({
      event: 'password_expiry_reminder_sent' as const,
      subject,
      details: { ...details, days_ahead: subject.step, expires_at: subject.at },
    }))
    recordAll(tx, by, events)
    return people.length
  },

  async enforce(tx, { by, settings, details }, people) {
    const expired = await expirePasswords(tx, by, people, settings.graceHours ?? 1, details)
    await enqueueEmails(tx, expired.map(passwordExpiredEmail))
    return expired.length
  },

  async dormant(tx, { by, author, settings, details }, people) {
    const ids = people.map(({ id }) => id)
    const changes = await evaluateChanges(tx, author, 'deactivate', ids)
    await applyStatus(tx, by, 'deactivate', changes, details)
    const deactivated = people.filter(({ id }) => changes.changed.some((one) => one.id === id))
    if (deactivated.length > 0)
      await enqueueEmails(tx, [accountsDeactivatedEmail(author, deactivated, settings.days ?? 0)])
    return changes.changed.length
  },
}

/** One email for each person who set a temporary password, if they still may; for the author about all others. */
function byRecipient(people: Due[], author: Target): { to: Person; about: Due[] }[] {
  const emails = new Map<string, { to: Person; about: Due[] }>()
  for (const person of people) {
    const { setter } = person
    const to = setter && can(setter, 'passwords.change', person) ? setter : author
    const email = emails.get(to.id) ?? { to, about: [] }
    email.about.push(person)
    emails.set(to.id, email)
  }
  return [...emails.values()]
}
