import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const header = 'name,email,phone,team\n'
let admin: HttpClient
let count = 0

beforeAll(async () => {
  admin = await app.as('admin')
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions)
        values ('Crew lead', 'office', 'team', '{users.view,users.manage}')`,
  )
})

const check = async (by: HttpClient, rows: string[]) =>
  (await by.upload('/fieldworkers/import', `${header}${rows.join('\n')}\n`)).headers.location ?? ''
const start = (by: HttpClient, place: string, ticked: object = { updates: '1' }) =>
  by.post(`${place}/start`, { ...ticked }, '/account')
const pageOf = async (by: HttpClient, place: string) => textOf((await by.get(place)).text)

/** A person who is there, with a phone. */
async function person(team = 'North', role = 'Fieldworker') {
  const name = `Old Name ${++count}`
  const user = await app.createUser({ name, role, team })
  await run(app.db, sql`update users set phone = '+44 20 7946 0018' where id = ${user.id}`)
  return user
}

const Stored = z.object({
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  team: z.string().nullable(),
  rest: z.string(),
})
/** The details of a person, and everything of the account that an import must not touch. */
const stored = ({ id }: TestUser) =>
  one(
    app.db,
    Stored,
    sql`select u.name, email, phone, t.name as team,
          (to_jsonb(u) - '{name,phone,team_id,search_name,search_text,search_phone}'::text[])::text as rest
        from users u left join teams t on t.id = u.team_id where u.id = ${id}`,
  )
const updatesOf = async (user: TestUser) =>
  (await activityFor(app.db, user)).filter(({ event }) => event === 'user_updated')

test('people who are there are offered with each change, old and new, and nothing else of them', async () => {
  const user = await person()
  const place = await check(admin, [`New Name,${user.email},+44 20 7946 0999,Harbour`])
  const { text } = await admin.get(place)
  const page = textOf(text)
  expect(page).toContain('Update 1 person who is there')
  expect(page).toContain(`2 ${user.name} Name: ${user.name} → to New Name`)
  expect(page).toContain('Phone: +44 20 7946 0018 → to +44 20 7946 0999')
  expect(page).toContain('Team: North → to Harbour')
  expect(page).toContain('Another account has this address')
  expect(text).not.toMatch(/argon2|Fieldworker<|Active</)
  expect((await stored(user)).name).toBe(user.name)
})

test('unticked, they stay as they are', async () => {
  const user = await person()
  const before = await stored(user)
  const place = await check(admin, [
    `New Name,${user.email},,Harbour`,
    `Fresh,fresh${count}@firm.test,,North`,
  ])
  await start(admin, place, {})
  await app.runJobs()
  expect(await stored(user)).toEqual(before)
  expect(await updatesOf(user)).toEqual([])
  const page = await pageOf(admin, place)
  expect(page).toContain('1 person imported')
  expect(page).not.toContain('updated')
  expect(page).toContain('Another account has this address')
})

test('ticked, name, phone and team change, and the event is that of Edit details', async () => {
  const user = await person()
  const before = await stored(user)
  const place = await check(admin, [`New Name,${user.email.toUpperCase()},+44 20 7946 0999,harbour`])
  expect((await start(admin, place)).headers.location).toBe(place)
  await app.runJobs()
  expect(await stored(user)).toEqual({
    ...before,
    name: 'New Name',
    phone: '+44 20 7946 0999',
    team: 'Harbour',
  })
  const byImport = await updatesOf(user)
  expect(byImport).toMatchObject([{ event: 'user_updated', actor_id: app.cast.admin.id }])
  expect(await pageOf(admin, place)).toContain('1 person updated')
  expect(await app.emailsTo(user)).toEqual([])

  const other = await person()
  await admin.post(
    `/users/${other.id}/details`,
    {
      name: 'New Name',
      email: other.email,
      phone: '+44 20 7946 0999',
      teamId: await idOfTeam('Harbour'),
    },
    `/users/${other.id}/details`,
  )
  const details = (event: unknown) => (event as { details: Record<string, unknown> }).details
  const byForm = details((await updatesOf(other))[0])
  expect(details(byImport[0])).toEqual({ ...byForm, name_before: user.name })
})

const idOfTeam = async (name: string) =>
  (await one(app.db, z.object({ id: z.string() }), sql`select id from teams where name = ${name}`)).id

test.each([
  ['empty cells', ',', ''],
  ['other spaces in the phone', '+442079460018,North', ''],
  ['a phone whose + a spreadsheet removed', '442079460018,', ''],
  ['a phone that a spreadsheet destroyed', '4.42E+11,', ''],
])('%s change nothing, so nothing is offered', async (_, cells) => {
  const user = await person()
  const page = await pageOf(admin, await check(admin, [`${user.name},${user.email},${cells}`]))
  expect(page).toContain('Another account has this address')
  expect(page).not.toMatch(/Update \d|ticked/)
})

test('with both ticks they go to a team that is created; with one they stay where they are', async () => {
  const user = await person()
  const rows = [`${user.name},${user.email},,Both ${user.id}`]
  const place = await check(admin, rows)
  expect(await pageOf(admin, place)).toContain('1 of them goes to a new team: tick that too.')
  for (const ticked of [{ teams: '1' }, { updates: '1' }, {}])
    expect((await start(admin, place, ticked)).status).toBe(422)
  expect((await start(admin, place, { teams: '1', updates: '1' })).status).toBe(303)
  await app.runJobs()
  expect((await stored(user)).team).toBe(`Both ${user.id}`)
  expect(await pageOf(admin, place)).toContain('1 person updated, 1 team created')
})

describe('what changes between the dry run and the import', () => {
  test.each([
    ['name', sql`name = 'Third Name'`],
    ['phone', sql`phone = null`],
    ['team', sql`team_id = null`],
    ['address', sql`email = 'moved.' || email`],
  ])('is not overwritten: another %s leaves the row out, with the reason', async (_, change) => {
    const [user, other] = [await person(), await person()]
    const place = await check(
      admin,
      [user, other].map(({ email }) => `New Name,${email},,`),
    )
    await start(admin, place)
    await run(app.db, sql`update users set ${change} where id = ${user.id}`)
    const before = await stored(user)
    await app.runJobs()
    expect(await stored(user)).toEqual(before)
    expect((await stored(other)).name).toBe('New Name')
    const page = await pageOf(admin, place)
    expect(page).toContain('1 person updated')
    expect(page).toContain('Someone changed this person after the file was checked. Upload the file again')
  })

  test('is authorized again: a person who rose above the importer is left out, without a word of it', async () => {
    const lead = await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'North' })
    const client = await app.signIn(lead)
    const user = await person()
    const place = await check(client, [`New Name,${user.email},,`])
    expect(await pageOf(client, place)).toContain(user.name)
    await start(client, place)
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Admin') where id = ${user.id}`,
    )
    await app.runJobs()
    expect((await stored(user)).name).toBe(user.name)
    expect(await updatesOf(user)).toEqual([])
    const page = await pageOf(client, place)
    expect(page).toContain('Another account has this address')
    expect(page).not.toContain('Someone changed')
  })

  test('is not shown either: a person moved out of scope leaves the list of changes', async () => {
    const lead = await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'North' })
    const client = await app.signIn(lead)
    const user = await person()
    const place = await check(client, [`New Name,${user.email},,`])
    await run(app.db, sql`update users set team_id = ${await idOfTeam('Harbour')} where id = ${user.id}`)
    expect(await pageOf(client, place)).not.toContain(user.name)
  })

  test('is everything or nothing: an import that stops has updated nobody', async () => {
    const user = await person()
    const email = `late${count}@firm.test`
    const place = await check(admin, [`New Name,${user.email},,`, `Fresh,${email},,`])
    await start(admin, place)
    await run(
      app.db,
      sql`insert into users (name, email, role_id)
          values ('Quick', ${email}, (select id from roles where name = 'Fieldworker'))`,
    )
    await app.runJobs()
    expect((await stored(user)).name).toBe(user.name)
    expect(await updatesOf(user)).toEqual([])
  })
})

describe('who may not edit a person', () => {
  const lead = async () =>
    app.signIn(await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'North' }))

  test.each([
    ['in another team', () => person('Harbour')],
    ['with more permissions', () => person('North', 'Admin')],
  ])('is not told their name, and their line says what it says today: %s', async (_, make) => {
    const user = await make()
    const client = await lead()
    const place = await check(client, [`New Name,${user.email},,North`, `Fresh,f${user.id}@firm.test,,North`])
    const page = await pageOf(client, place)
    expect(page).toContain('Another account has this address')
    expect(page).not.toMatch(/Update \d|ticked/)
    expect(page).not.toContain(user.name)
    expect((await start(client, place)).status).toBe(303)
    await app.runJobs()
    expect((await stored(user)).name).toBe(user.name)
  })

  test('cannot move their own people out of their team', async () => {
    const user = await person()
    const client = await lead()
    const page = await pageOf(client, await check(client, [`New Name,${user.email},,Harbour`]))
    expect(page).not.toMatch(/Update \d|ticked/)
  })

  test('updates their own people, in their team', async () => {
    const user = await person()
    const client = await lead()
    await start(client, await check(client, [`New Name,${user.email},,North`]))
    await app.runJobs()
    expect(await stored(user)).toMatchObject({ name: 'New Name', team: 'North' })
  })

  test('nobody updates themselves', async () => {
    const { admin: self } = app.cast
    const page = await pageOf(admin, await check(admin, [`Somebody Else,${self.email},,`]))
    expect(page).toContain('Another account has this address')
    expect(page).not.toMatch(/Update \d/)
  })
})

test('more changes than one page shows are paged, and all are made', async () => {
  const at = `many${++count}.test`
  await run(
    app.db,
    sql`insert into users (name, email, role_id)
        select 'Many ' || n, 'm' || n || ${`@${at}`}, (select id from roles where name = 'Fieldworker')
        from generate_series(1, 1200) n`,
  )
  const rows = Array.from({ length: 1200 }, (_, i) => `Named ${i + 1},m${i + 1}@${at},,North`)
  const place = await check(admin, rows)
  const page = await pageOf(admin, place)
  expect(page).toContain('Update 1,200 people who are there')
  expect(page).toContain('Name: Many 500 → to Named 500')
  expect(page).not.toContain('Many 501 ')
  expect(await pageOf(admin, `${place}?changes=501`)).toContain('Name: Many 501 → to Named 501')
  await start(admin, place)
  await app.runJobs()
  const named = await many(
    app.db,
    z.object({ id: z.string() }),
    sql`select u.id from users u join teams t on t.id = u.team_id
        where email like ${`%@${at}`} and u.name like 'Named %' and t.name = 'North'`,
  )
  expect(named).toHaveLength(1200)
  expect(await pageOf(admin, place)).toContain('1,200 people updated')
})
