import { z } from 'zod'
import { one, run, sql, type Sql } from '../../src/platform/db.ts'
import type { TestApp } from './test-app.ts'
import { password, type TestUser } from './people.ts'
import { customRole, roleId } from './roles.ts'

type Fields = Record<string, string | string[]>

/** Creates what an action needs; returns the id in its address, its fields and its file. */
export type Make = (
  app: TestApp,
  actor: TestUser,
) =>
  Promise<{ id?: string; fields?: Fields; file?: string }> | { id?: string; fields?: Fields; file?: string }

const Id = z.object({ id: z.string() })
const idOf = async ({ db }: TestApp, statement: Sql) => (await one(db, Id, statement)).id
const number = async ({ db }: TestApp, statement: Sql) =>
  String((await one(db, z.object({ n: z.number() }), statement)).n)
let count = 0
const unique = (word: string) => `${word} ${++count}`

const worker = (app: TestApp, more: object = {}) =>
  app.createUser({ name: 'Wanda Worker', role: 'Fieldworker', team: 'North', ...more })
export const someone =
  (fields: Fields = {}, more: object = {}) =>
  async (app: TestApp) => ({
    id: (await worker(app, more)).id,
    fields,
  })
export const just = (fields: Fields) => () => ({ fields })
const newPassword = 'copper lantern meadow 17'
const twice = { newPassword, confirmPassword: newPassword }

export const savedView = async (app: TestApp, actor: TestUser) => ({
  id: await idOf(
    app,
    sql`insert into saved_views (user_id, path, query, name) values (${actor.id}, '/fieldworkers', '?status=active', ${unique('View')}) returning id`,
  ),
})
export const device = async (app: TestApp, actor: TestUser) => {
  await app.signIn(actor)
  const newest = sql`select id from sessions where user_id = ${actor.id} order by started_at desc limit 1`
  return { id: await idOf(app, newest) }
}

export const canned = (original: boolean) => async (app: TestApp) => {
  const text = { name: unique('Text'), subject: 'Choose', body: 'Hello\n\n{reset_link}' }
  const came = original ? { ...text, subject: 'As it came' } : null
  const id = await idOf(
    app,
    sql`insert into canned_responses (name, subject, body, original)
        values (${text.name}, ${text.subject}, ${text.body}, ${came}) returning id`,
  )
  return { id, fields: { ...text, subject: 'Changed' } }
}

export const campaign = (status: string) => async (app: TestApp, actor: TestUser) => {
  await run(app.db, sql`update campaigns set status = 'cancelled'`)
  const id = await idOf(
    app,
    sql`insert into campaigns (name, subject, body, started_by, run_as, status)
        values ('Season', 'Choose', '{reset_link}', ${actor.id}, ${actor.id}, ${status}) returning id`,
  )
  const { id: target } = await worker(app)
  await run(
    app.db,
    sql`insert into campaign_people (campaign_id, user_id, sent_at) values (${id}, ${target}, now() - interval '2 hours')`,
  )
  return { id }
}

export const starting = async (app: TestApp) => {
  await run(app.db, sql`update campaigns set status = 'cancelled', started_at = now() - interval '2 days'`)
  const text = await idOf(app, sql`select id from canned_responses limit 1`)
  return { fields: { ids: (await worker(app)).id, cannedResponseId: text } }
}

export const role = async (app: TestApp) => {
  const name = unique('Desk')
  return {
    id: await customRole(app.db, name, ['users.view']),
    fields: { name: `${name} b`, scope: 'team', permissions: ['users.view'], version: '1' },
  }
}

export const automation = (fields: Fields) => async (app: TestApp, actor: TestUser) => {
  await run(
    app.db,
    sql`update automations set switched_on = true, switched_at = now(), switched_by = ${actor.id}, reason = 'Tidy',
          run_as = ${actor.id} where key = 'dormant'`,
  )
  await run(app.db, sql`update automation_runs set ended_at = now() where ended_at is null`)
  const version = await number(app, sql`select version as n from automations where key = 'dormant'`)
  return { id: 'dormant', fields: { ...fields, version } }
}

export const checked = async (app: TestApp, actor: TestUser) => {
  const id = await idOf(
    app,
    sql`insert into imports (started_by, file_name, good, bad) values (${actor.id}, 'a.csv', 1, 0) returning id`,
  )
  const email = `row.${++count}@firm.test`
  await run(
    app.db,
    sql`insert into import_rows (import_id, line, name, email, team) values (${id}, 2, 'Row', ${email}, '')`,
  )
  return { id }
}

export const policy = async (app: TestApp) => ({
  fields: {
    ...{ passwordMinLength: '13', lastingPasswordsAllowed: '1', temporaryPasswordHours: '24' },
    ...{ sessionIdleMinutes: '60', sessionHours: '12', rememberDays: '30', contextWords: unique('Wrench') },
    version: await number(app, sql`select policy_version as n from company`),
  },
})

export const newTeam = () => ({ fields: { name: unique('Crew') } })
export const team = async (app: TestApp) => ({
  id: await idOf(app, sql`insert into teams (name) values (${unique('Crew')}) returning id`),
  ...newTeam(),
})

export const newRole = () => ({
  fields: { name: unique('Desk'), scope: 'team', permissions: ['users.view'] },
})
export const newText = () => ({
  fields: { name: unique('Text'), subject: 'Choose', body: '{reset_link}', person: '' },
})
export const months = () => ({ fields: { months: String(13 + (++count % 80)) } })

const address = () => `nia.${++count}@firm.test`
export const newWorker = () => ({ fields: { name: 'Nia New', email: address(), phone: '', teamId: '' } })
export const newUser = async ({ db }: TestApp) => ({
  fields: { ...newWorker().fields, roleId: await roleId(db, 'Auditor') },
})
export const file = () => ({ file: `name,email,phone,team\nRow,${address()},,\n` })
export const blocking = async (app: TestApp) => ({
  fields: { action: 'block', ids: [(await worker(app)).id] },
})
export const choosing = () => ({
  fields: { action: 'campaign', ids: Array.from({ length: 41 }, () => crypto.randomUUID()) },
})
export const signedInWorker = async (app: TestApp) => {
  const target = await worker(app)
  await app.signIn(target)
  return { id: target.id }
}
export const lockedWorker = async (app: TestApp) => {
  const target = await worker(app)
  for (let i = 0; i < 5; i++)
    await app.client().post('/sign-in', { email: target.email, password: 'not this one' })
  return { id: target.id }
}
export const askedForCode = async (app: TestApp, actor: TestUser) => {
  await run(
    app.db,
    sql`insert into caller_checks (user_id, office_id, email, nonce)
        values (${actor.id}, ${app.cast.owner.id}, ${actor.email}, ${Buffer.alloc(32)})
        on conflict do nothing`,
  )
  return {}
}
export const ownPassword = just({ currentPassword: password, ...twice })
export const phonePassword = just(twice)
export const ownEmail = () => ({ fields: { email: address(), password } })
export const proof = just({ password, next: '/account' })
export const officePassword = someone({ ...twice, mustChange: '1', endSessions: '1' })
