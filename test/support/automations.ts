import { z } from 'zod'
import { many, one, run, sql } from '../../src/foundation/db.ts'
import type { House } from './house.ts'
import type { Somebody } from './people.ts'
import type { Visitor } from './visitor.ts'

export const list = '/automations/security'
export type Key = 'temporary' | 'reminder' | 'enforce' | 'dormant'

/** Settings as a form sends them that changes nothing of what an automation comes with, but every hour. */
const usual: Record<Key, Record<string, string>> = {
  temporary: { peopleADay: '1000', exempt: '' },
  reminder: { peopleADay: '100', daysAhead: '14, 7, 1' },
  enforce: { peopleADay: '20', days: '365', graceHours: '12', exempt: '' },
  dormant: { peopleADay: '50', days: '90', exempt: '' },
}

/** The form of an automation, with some fields in the place of others and the version that stands on the page. */
export async function save(who: Visitor, key: Key, fields: Record<string, string | string[]> = {}) {
  const { text } = await who.get(`${list}/${key}`)
  const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? ''
  return who.post(`${list}/${key}`, { every: 'hour', runAt: '07:00', ...usual[key], version, ...fields })
}

export const switchTo = (who: Visitor, key: Key, to: 'on' | 'off', reason = 'The insurer asks for it') =>
  who.post(`${list}/${key}/switch`, { to, reason }, `${list}/${key}`)

export const press = (who: Visitor, key: Key) => who.post(`${list}/${key}/runs`, {}, `${list}/${key}`)

/** Saves, switches on, and lets an hour pass, so that its turn has come. */
export async function on(
  house: House,
  who: Visitor,
  key: Key,
  fields: Record<string, string | string[]> = {},
) {
  await save(who, key, fields)
  await switchTo(who, key, 'on')
  await anHourLater(house)
}

/** The turns that were had are an hour older, no two alike, and what was changed is older, too. */
export async function anHourLater({ db }: House) {
  await run(db, sql`update automations set changed_at = now() - interval '2 hours'`)
  await run(
    db,
    sql`update automation_runs set turn = turn - interval '1 hour' - random() * interval '5 minutes' where turn is not null`,
  )
}

/** What stood in the count of today is of yesterday. */
export async function aDayLater(house: House) {
  await anHourLater(house)
  await run(house.db, sql`update automation_deeds set at = at - interval '1 day'`)
}

/** Two workers do what is due, at once. */
export async function twoWorkers(house: House) {
  await Promise.all([house.startAutomations(), house.startAutomations()])
  await Promise.all([house.work(), house.work()])
}

export const ageOfPassword = ({ db }: House, { id }: Somebody, days: number) =>
  run(
    db,
    sql`update users set password_changed_at = now() - make_interval(days => ${days}) - interval '1 second' where id = ${id}`,
  )

const Run = z.object({
  automation: z.string(),
  people: z.number(),
  left_over: z.number().nullable(),
  error: z.string().nullable(),
})

export const runs = ({ db }: House, key: Key) =>
  many(
    db,
    Run,
    sql`select automation, people, left_over, error from automation_runs where automation = ${key} order by started_at desc`,
  )

export const isOn = async ({ db }: House, key: Key) =>
  await one(
    db,
    z.object({ switched_on: z.boolean(), stopped_because: z.string().nullable() }),
    sql`select switched_on, stopped_because from automations where key = ${key}`,
  )
