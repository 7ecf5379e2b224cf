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

/** What a run goes by: in whose name, by which settings, and what stands in every record of it. */
export interface RunContext {
  by: RequestContext
  author: Target
  settings: Settings
  /** The age at which passwords expire, and whether they then really do. */
  age: { days: number; enforced: boolean }
  details: Record<string, unknown>
}

/** What each automation does to people who are due and locked; gives to how many it was done. */
export const automationActions: Record<
  AutomationKey,
  (tx: Tx, mailer: RunContext, people: Due[]) => Promise<number>
> = {
  async temporary(tx, { author }, people) {
    const emails = [...byRecipient(people, author)].map(([to, whose]) =>
      temporaryPasswordsExpiredEmail(to, whose),
    )
    await enqueueEmails(tx, emails)
    return people.length
  },

  async reminder(tx, { by, age, details }, people) {
    const emails = people.map((to) => passwordExpiryReminderEmail(to, { at: to.at ?? to.since, ...age }))
    await enqueueEmails(tx, emails)
    const events = people.map((subject) => ({
      ...{ event: 'password_expiry_reminder_sent' as const, subject },
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
    const judged = await evaluateChanges(tx, author, 'deactivate', ids)
    await applyStatus(tx, by, 'deactivate', judged, details)
    const { changed } = judged
    const whose = people.filter(({ id }) => changed.some((one) => one.id === id))
    if (whose.length > 0)
      await enqueueEmails(tx, [accountsDeactivatedEmail(author, whose, settings.days ?? 0)])
    return changed.length
  },
}

/** Who is told of which temporary passwords: whoever set it while they still may, or else whom the automation acts for. */
function byRecipient(people: Due[], author: Target): Map<Person, Due[]> {
  const told = new Map<string, { to: Person; whose: Due[] }>()
  for (const person of people) {
    const { setter } = person
    const to = setter && can(setter, 'passwords.change', person) ? setter : author
    const its = told.get(to.id) ?? { to, whose: [] }
    told.set(to.id, { to, whose: [...its.whose, person] })
  }
  return new Map([...told.values()].map(({ to, whose }) => [to, whose]))
}
