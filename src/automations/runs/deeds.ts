import type { By, Person, Target } from '../../access/actor.ts'
import { may } from '../../access/may.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../foundation/db.ts'
import { postMany } from '../../foundation/mail/post.ts'
import { expirePasswords } from '../../passwords/expire.ts'
import { judgeAll, settleStatus } from '../../people/status.ts'
import type { Key, Settings } from '../catalogue.ts'
import type { Due } from '../due/queries.ts'
import { deactivatedLetter, diedLetter, expiredLetter, reminderLetter } from '../letters.ts'

/** What a run goes by: in whose name, by which settings, and what stands in every record of it. */
export interface Office {
  by: By
  author: Target
  settings: Settings
  /** The age at which passwords expire, and whether they then really do. */
  age: { days: number; enforced: boolean }
  details: Record<string, unknown>
}

/** What each automation does to people who are due and locked; gives to how many it was done. */
export const deeds: Record<Key, (tx: Tx, office: Office, people: Due[]) => Promise<number>> = {
  async temporary(tx, { author }, people) {
    const letters = [...byTold(people, author)].map(([to, whose]) => diedLetter(to, whose))
    await postMany(tx, letters)
    return people.length
  },

  async reminder(tx, { by, age, details }, people) {
    const letters = people.map((to) => reminderLetter(to, { at: to.at ?? to.since, ...age }))
    await postMany(tx, letters)
    const events = people.map((subject) => ({
      ...{ event: 'password_expiry_reminder_sent' as const, subject },
      details: { ...details, days_ahead: subject.step, expires_at: subject.at },
    }))
    recordAll(tx, by, events)
    return people.length
  },

  async enforce(tx, { by, settings, details }, people) {
    const expired = await expirePasswords(tx, by, people, settings.graceHours ?? 1, details)
    await postMany(tx, expired.map(expiredLetter))
    return expired.length
  },

  async dormant(tx, { by, author, settings, details }, people) {
    const ids = people.map(({ id }) => id)
    const judged = await judgeAll(tx, author, 'deactivate', ids)
    await settleStatus(tx, by, 'deactivate', judged, details)
    const { changed } = judged
    const whose = people.filter(({ id }) => changed.some((one) => one.id === id))
    if (whose.length > 0) await postMany(tx, [deactivatedLetter(author, whose, settings.days ?? 0)])
    return changed.length
  },
}

/** Who is told of which temporary passwords: whoever set it while they still may, or else whom the automation acts for. */
function byTold(people: Due[], author: Target): Map<Person, Due[]> {
  const told = new Map<string, { to: Person; whose: Due[] }>()
  for (const person of people) {
    const { setter } = person
    const to = setter && may(setter, 'passwords.change', person) ? setter : author
    const its = told.get(to.id) ?? { to, whose: [] }
    told.set(to.id, { to, whose: [...its.whose, person] })
  }
  return new Map([...told.values()].map(({ to, whose }) => [to, whose]))
}
