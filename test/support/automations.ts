import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import type { TestApp } from './test-app.ts'
import type { TestUser } from './people.ts'
import type { HttpClient } from './http-client.ts'

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
export async function save(who: HttpClient, key: Key, fields: Record<string, string | string[]> = {}) {
  const { text } = await who.get(`${list}/${key}`)
  const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? ''
  return who.post(`${list}/${key}`, { every: 'hour', runAt: '07:00', ...usual[key], version, ...fields })
}

export const switchTo = (who: HttpClient, key: Key, to: 'on' | 'off', reason = 'The insurer asks for it') =>
  who.post(`${list}/${key}/switch`, { to, reason }, `${list}/${key}`)

export const press = (who: HttpClient, key: Key) => who.post(`${list}/${key}/runs`, {}, `${list}/${key}`)

/** Saves, switches on, and lets an hour pass, so that its turn has come. */
export async function on(
  app: TestApp,
  who: HttpClient,
  key: Key,
  fields: Record<string, string | string[]> = {},
) {
  await save(who, key, fields)
  await switchTo(who, key, 'on')
  await anHourLater(app)
}

/** The turns that were had are an hour older, no two alike, and what was changed is older, too. */
export async function anHourLater({ db }: TestApp) {
  await run(db, sql`update automations set changed_at = now() - interval '2 hours'`)
  await run(
    db,
    sql`update automation_runs set turn = turn - interval '1 hour' - random() * interval '5 minutes' where turn is not null`,
  )
}

/** What stood in the count of today is of yesterday. */
export async function aDayLater(app: TestApp) {
  await anHourLater(app)
  await run(app.db, sql`update automation_actions set at = at - interval '1 day'`)
}

/** Two workers do what is due, at once. */
export async function twoWorkers(app: TestApp) {
  await Promise.all([app.startAutomations(), app.startAutomations()])
  await Promise.all([app.runJobs(), app.runJobs()])
}

export const ageOfPassword = ({ db }: TestApp, { id }: TestUser, days: number) =>
  run(
    db,
    sql`update users set password_changed_at = now() - make_interval(days => ${days}) - interval '1 second' where id = ${id}`,
  )

const Run = z.object({
  automation: z.string(),
  people: z.number(),
  left_over: z.number().nullable(),
  stop_reason: z.looseObject({}).nullable(),
})

export const runs = ({ db }: TestApp, key: Key) =>
  many(
    db,
    Run,
    sql`select automation, people, left_over, stop_reason from automation_runs where automation = ${key} order by started_at desc`,
  )

export const isOn = async ({ db }: TestApp, key: Key) =>
  await one(
    db,
    z.object({ switched_on: z.boolean(), stop_reason: z.looseObject({}).nullable() }),
    sql`select switched_on, stop_reason from automations where key = ${key}`,
  )
