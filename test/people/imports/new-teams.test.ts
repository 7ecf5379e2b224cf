import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const header = 'name,email,phone,team\n'
let admin: HttpClient
let files = 0

beforeAll(async () => {
  admin = await app.as('admin')
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions)
        values ('Crew lead', 'office', 'team', '{users.view,users.manage}')`,
  )
})

/** A crew of its own for each file, so that none meets the teams and people of another. */
const own = () => `n${++files}`
const check = async (by: HttpClient, rows: string[]) =>
  (await by.upload('/fieldworkers/import', `${header}${rows.join('\n')}\n`)).headers.location ?? ''
const start = (by: HttpClient, place: string, ticked: object = {}) =>
  by.post(`${place}/start`, { ...ticked }, '/account')
const pageOf = async (by: HttpClient, place: string) => textOf((await by.get(place)).text)

const peopleAt = (domain: string) =>
  many(
    app.db,
    z.object({ name: z.string(), team: z.string().nullable() }),
    sql`select u.name, t.name as team from users u left join teams t on t.id = u.team_id
        where email like ${`%@${domain}.test`} order by email`,
  )
const teamsLike = async (name: string) =>
  (
    await many(
      app.db,
      z.object({ name: z.string() }),
      sql`select name from teams where name ilike ${`%${name}`} order by name`,
    )
  ).map((team) => team.name)
const eventsOfTeams = (name: string) =>
  many(
    app.db,
    z.object({ actor_id: z.string(), details: z.record(z.string(), z.unknown()) }),
    sql`select actor_id, details from activity_log where event = 'policy_changed' and details->>'after' ilike ${`%${name}`}
        order by details->>'after'`,
  )
const rowsFor = (it: string) => [
  `Ada,ada@${it}.test,,Moon ${it}`,
  `Bas,bas@${it}.test,,moon  ${it}`,
  `Cem,cem@${it}.test,,Star ${it}`,
  `Dee,dee@${it}.test,,North`,
  `,eva@${it}.test,,Void ${it}`,
]

test('teams that do not exist are offered with their names, and nothing is created before', async () => {
  const it = own()
  const place = await check(admin, rowsFor(it))
  const page = await pageOf(admin, place)
  expect(page).toContain(
    `Create 2 teams: Moon ${it}, Star ${it} The 3 rows of new people that name them are imported too.`,
  )
  expect(page).toContain(`Moon ${it}: 2 rows`)
  expect(page).not.toMatch(new RegExp(`Create [^.]*Void ${it}`))
  expect(page).toContain(`There is no team “Moon ${it}”`)
  expect(page).toContain('Import and invite 1 person, and what is ticked')
  expect(await teamsLike(it)).toEqual([])
})

test('unticked, the rows of unknown teams are left out as they were', async () => {
  const it = own()
  const place = await check(admin, rowsFor(it))
  await start(admin, place)
  await app.runJobs()
  expect(await peopleAt(it)).toEqual([{ name: 'Dee', team: 'North' }])
  expect(await teamsLike(it)).toEqual([])
  const page = await pageOf(admin, place)
  expect(page).toContain('1 person imported')
  expect(page).not.toContain('created')
  expect(page).toContain('4 rows have a fault')
})

test('ticked, the teams are created and recorded as on their page, with their people, once', async () => {
  const it = own()
  const place = await check(admin, rowsFor(it))
  await Promise.all([start(admin, place, { teams: '1' }), start(admin, place, { teams: '1' })])
  expect(await teamsLike(it)).toEqual([])
  await app.runJobs()
  expect(await peopleAt(it)).toEqual([
    { name: 'Ada', team: `Moon ${it}` },
    { name: 'Bas', team: `Moon ${it}` },
    { name: 'Cem', team: `Star ${it}` },
    { name: 'Dee', team: 'North' },
  ])
  expect(await eventsOfTeams(it)).toEqual(
    [`Moon ${it}`, `Star ${it}`].map((after) => ({
      actor_id: app.cast.admin.id,
      details: { setting: 'teams', before: null, after },
    })),
  )
  const page = await pageOf(admin, place)
  expect(page).toContain('4 people imported, 2 teams created')
  expect(page).toContain('1 row has a fault')
})

test('a file of unknown teams alone needs the tick, and says so', async () => {
  const it = own()
  const place = await check(admin, [`Ada,ada@${it}.test,,Moon ${it}`])
  expect(await pageOf(admin, place)).toContain('Import what is ticked')
  const refused = await start(admin, place)
  expect(refused.status).toBe(422)
  expect(textOf(refused.text)).toContain('Tick what to do, or choose another file.')
  expect((await start(admin, place, { teams: '1' })).headers.location).toBe(place)
  await app.runJobs()
  expect(await peopleAt(it)).toEqual([{ name: 'Ada', team: `Moon ${it}` }])
})

test('a team that someone creates meanwhile is not filled unseen: its rows are left out, with the reason', async () => {
  const it = own()
  const place = await check(admin, rowsFor(it))
  await start(admin, place, { teams: '1' })
  const owner = await app.as('owner')
  const added = await owner.post('/settings/company/teams', { name: `MOON ${it}` }, '/settings/company/teams')
  expect(added.status).toBe(303)
  await app.runJobs()
  expect(await peopleAt(it)).toEqual([
    { name: 'Cem', team: `Star ${it}` },
    { name: 'Dee', team: 'North' },
  ])
  expect(await teamsLike(it)).toEqual([`MOON ${it}`, `Star ${it}`])
  const page = await pageOf(admin, place)
  expect(page).toContain('2 people imported, 1 team created')
  expect(page).toContain(
    `Someone created the team “Moon ${it}” after the file was checked. Upload the file again`,
  )
  expect(page).toContain('3 rows have a fault')
})

test('what stops an import also leaves no team behind', async () => {
  const it = own()
  const place = await check(admin, rowsFor(it))
  await start(admin, place, { teams: '1' })
  await run(
    app.db,
    sql`insert into users (name, email, role_id)
        values ('Quick', ${`dee@${it}.test`}, (select id from roles where name = 'Fieldworker'))`,
  )
  await app.runJobs()
  expect(await pageOf(admin, place)).toContain('No one was imported')
  expect(await teamsLike(it)).toEqual([])
  expect(await eventsOfTeams(it)).toEqual([])
})

test('a name that no team may have is not offered', async () => {
  const it = own()
  const page = await pageOf(admin, await check(admin, [`Ada,ada@${it}.test,,${'x'.repeat(81)}`]))
  expect(page).toContain('There is no team')
  expect(page).not.toMatch(/Create \d+ team/)
})

describe('who may not create teams', () => {
  const lead = async () => {
    const who = await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'North' })
    return { who, client: await app.signIn(who) }
  }

  test('is not offered it, and is refused it when asked for by hand', async () => {
    const it = own()
    const { client } = await lead()
    const place = await check(client, rowsFor(it))
    const page = await pageOf(client, place)
    expect(page).toContain(`There is no team “Moon ${it}”`)
    expect(page).not.toMatch(/Create \d+ team|ticked/)
    expect((await start(client, place, { teams: '1' })).status).toBe(403)
    expect((await start(client, place)).status).toBe(303)
    await app.runJobs()
    expect((await peopleAt(it)).map(({ name }) => name)).toEqual(['Dee'])
    expect(await teamsLike(it)).toEqual([])
  })

  test('is refused by the job too, if they could when they started it', async () => {
    const it = own()
    const who = await app.createUser({ name: 'Ali Admin', role: 'Admin' })
    const client = await app.signIn(who)
    const place = await check(client, rowsFor(it))
    await start(client, place, { teams: '1' })
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Crew lead'),
            team_id = (select id from teams where name = 'North') where id = ${who.id}`,
    )
    await app.runJobs()
    expect(await peopleAt(it)).toEqual([])
    expect(await teamsLike(it)).toEqual([])
    expect(await eventsOfTeams(it)).toEqual([])
    expect(await pageOf(await app.signIn(who), place)).toContain('The import stopped')
  })
})
