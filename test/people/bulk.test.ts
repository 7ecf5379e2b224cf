import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
let crew = 0

beforeAll(async () => {
  admin = await app.as('admin')
})

type Fields = Record<string, string | string[]>
const confirmed = (by: HttpClient, fields: Fields) => by.post('/fieldworkers/bulk', fields, '/account')
/** As the list asks. */
const press = (by: HttpClient, fields: Fields) => confirmed(by, { ...fields, preview: '1' })
const flashOf = async (by: HttpClient) =>
  textOf(/role="status">([\s\S]*?)<\/div>/.exec((await by.get('/account')).text)?.[1] ?? '')

/** A crew of its own for each test: so many people in each status. */
async function crewOf(statuses: Record<string, number>): Promise<Record<string, TestUser[]>> {
  const team = `Crew ${++crew}`
  const people: Record<string, TestUser[]> = {}
  for (const [status, count] of Object.entries(statuses))
    people[status] = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        app.createUser({ name: `${status} ${crew} ${i}`, role: 'Fieldworker', team, status }),
      ),
    )
  return people
}
const ids = (...people: (TestUser[] | undefined)[]) =>
  people.flatMap((some) => (some ?? []).map(({ id }) => id))
const teamId = async () =>
  (await one(app.db, z.object({ id: z.string() }), sql`select id from teams where name = ${`Crew ${crew}`}`))
    .id

async function statuses(of: string[]): Promise<Record<string, number>> {
  const rows = await many(
    app.db,
    z.object({ status: z.string(), count: z.coerce.number() }),
    sql`select status, count(*) from users where id = any(${of}::uuid[]) group by status`,
  )
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}

describe('one action on many people', () => {
  test('is shown first: what will happen to how many, who is passed over and why; nothing is done yet', async () => {
    const { inactive, active, blocked, invited } = await crewOf({
      inactive: 5,
      active: 2,
      blocked: 1,
      invited: 1,
    })
    const chosen = ids(inactive, active, blocked, invited)
    const answer = await press(admin, { action: 'activate', ids: chosen })
    expect(answer.status).toBe(200)
    const page = textOf(answer.text)
    expect(page).toContain('Activate 5 people?')
    expect(page).toContain('They are active already')
    expect(page).toContain('unblock them first')
    expect(page).toContain('Invited people become active by choosing their first password')
    expect(page).toContain('A change of status never changes it')
    expect(page).toContain(blocked?.[0]?.name)
    expect(await statuses(chosen)).toEqual({ inactive: 5, active: 2, blocked: 1, invited: 1 })
  })

  test('is done by a second press, in the form of the first page, and says what became of it', async () => {
    const { inactive, active, blocked } = await crewOf({ inactive: 3, active: 1, blocked: 2 })
    const chosen = ids(inactive, active, blocked)
    const { text } = await press(admin, { action: 'activate', ids: chosen })
    const [sheet = ''] = /<form[^>]*action="\/fieldworkers\/bulk"[\s\S]*?<\/form>/.exec(text) ?? []
    const form = [...sheet.matchAll(/<(?:input type="hidden"|button[^>]*) name="(\w+)" value="([^"]*)"/g)]
    const fields: Record<string, string[]> = {}
    for (const [, name = '', value = ''] of form) (fields[name] ??= []).push(value)
    expect(fields.ids).toEqual(chosen)

    const answer = await admin.postBare('/fieldworkers/bulk', fields)
    expect([answer.status, answer.headers.location]).toEqual([303, '/fieldworkers'])
    expect(await flashOf(admin)).toContain('3 activated, 3 skipped: 1 active already, 2 blocked')
    expect(await statuses(chosen)).toEqual({ active: 4, blocked: 2 })
    for (const person of inactive ?? [])
      expect(await activityFor(app.db, person)).toEqual([
        expect.objectContaining({ event: 'user_activated', actor_id: app.cast.admin.id }),
      ])
    for (const person of [...(active ?? []), ...(blocked ?? [])])
      expect(await activityFor(app.db, person)).toEqual([])
  })

  test.each([
    { action: 'deactivate', from: 'active', to: 'inactive' },
    { action: 'block', from: 'inactive', to: 'blocked' },
    { action: 'unblock', from: 'blocked', to: 'active' },
  ])('can $action, too', async ({ action, from, to }) => {
    const people = await crewOf({ [from]: 2 })
    await confirmed(admin, { action, ids: ids(people[from]) })
    expect(await statuses(ids(people[from]))).toEqual({ [to]: 2 })
  })

  test('can be for all that match the filters of the list, on all of its pages, and for nobody else', async () => {
    const { inactive, active } = await crewOf({ inactive: 60, active: 2 })
    const elsewhere = await app.createUser({
      name: 'Elsewhere',
      role: 'Fieldworker',
      team: 'North',
      status: 'inactive',
    })
    const team = await teamId()
    const list = `/fieldworkers?status=inactive&team=${team}`
    expect((await admin.get(list)).text).toContain('All 60')
    const answer = await confirmed(admin, { action: 'activate', all: '1', status: 'inactive', team, q: '' })
    expect(answer.headers.location).toBe(list)
    expect(await flashOf(admin)).toContain('60 activated')
    expect(await statuses(ids(inactive, active, [elsewhere]))).toEqual({ active: 62, inactive: 1 })
  })

  test('reads a search of nothing visible as the list does: as none (fault 35)', async () => {
    const { active } = await crewOf({ active: 2 })
    const team = await teamId()
    expect(textOf((await admin.get(`/fieldworkers?team=${team}&q=%E2%80%8B`)).text)).toContain('active')
    await confirmed(admin, { action: 'block', all: '1', team, q: '\u200b' })
    expect(await statuses(ids(active))).toEqual({ blocked: 2 })
  })

  test('checks again what changed between the two presses', async () => {
    const { inactive = [] } = await crewOf({ inactive: 3 })
    const fields = { action: 'activate', ids: ids(inactive) }
    expect(textOf((await press(admin, fields)).text)).toContain('Activate 3 people?')
    await run(app.db, sql`update users set status = 'blocked' where id = ${inactive[0]?.id}`)
    await confirmed(admin, fields)
    expect(await flashOf(admin)).toContain('2 activated, 1 skipped: blocked')
    expect(await statuses(ids(inactive))).toEqual({ active: 2, blocked: 1 })
  })

  test('done by two at once waits and does each person once', async () => {
    const { inactive = [] } = await crewOf({ inactive: 30 })
    const owner = await app.as('owner')
    const chosen = ids(inactive)
    const answers = await Promise.all([
      confirmed(admin, { action: 'activate', ids: chosen }),
      confirmed(owner, { action: 'activate', ids: chosen.toReversed() }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    for (const person of inactive) expect(await activityFor(app.db, person)).toHaveLength(1)
  })
})

describe('people outside your access are passed over', () => {
  test('an Admin blocks neither an Owner nor themselves', async () => {
    const { owner, admin: self } = app.cast
    const { active } = await crewOf({ active: 1 })
    const fields = { action: 'block', list: 'users', ids: ids(active, [owner, self]) }
    expect(textOf((await press(admin, fields)).text)).toContain('Block 1 person?')
    const answer = await confirmed(admin, fields)
    expect(answer.headers.location).toBe('/settings/company/users')
    expect(await flashOf(admin)).toContain('1 blocked, 2 skipped: 1 yourself, 1 outside your access')
    expect(await statuses(ids([owner, self]))).toEqual({ active: 2 })
  })

  test('all that match means everybody but them', async () => {
    const { active } = await crewOf({ active: 2 })
    await confirmed(admin, { action: 'block', list: 'users', all: '1', q: 'firm.test', team: await teamId() })
    await confirmed(admin, { action: 'block', list: 'users', all: '1', q: 'Olivia Owner' })
    expect(await statuses(ids(active, [app.cast.owner]))).toEqual({ blocked: 2, active: 1 })
  })

  test('a role for one team blocks nobody of another, and learns no name of theirs', async () => {
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions)
          values ('Crew lead', 'office', 'team', '{users.view,users.manage}')`,
    )
    const lead = await app.signIn(await app.createUser({ name: 'Lea', role: 'Crew lead', team: 'Harbour' }))
    const { otto, sam, dispatcher } = app.cast
    const fields = { action: 'block', ids: ids([otto, sam, dispatcher]) }
    const page = textOf((await press(lead, fields)).text)
    expect(page).toContain('Block 1 person?')
    expect(page).not.toContain(sam.name)
    await confirmed(lead, fields)
    await confirmed(lead, { action: 'block', all: '1', list: 'users', team: '', q: 'Sam Field' })
    expect(await statuses(ids([otto, sam, dispatcher]))).toEqual({ blocked: 1, active: 2 })
  })

  test('a Dispatcher is refused for any selection', async () => {
    const dispatcher = await app.as('dispatcher')
    const answer = await confirmed(dispatcher, { action: 'block', ids: ids([app.cast.sam]) })
    expect(answer.status).toBe(403)
    expect(await statuses(ids([app.cast.sam]))).toEqual({ active: 1 })
    expect((await dispatcher.get('/fieldworkers')).text).not.toContain('name="ids"')
  })

  test('accounts that are no longer there are told as such', async () => {
    const answer = await press(admin, { action: 'block', ids: [crypto.randomUUID(), crypto.randomUUID()] })
    expect(textOf(answer.text)).toContain('Nobody here can be blocked')
    expect(textOf(answer.text)).toContain('Their account is no longer there 2')
  })
})

test.each([
  { name: 'nobody is ticked', fields: { action: 'block' }, why: 'Select the people first' },
  { name: 'no action', fields: { ids: crypto.randomUUID() }, why: 'Choose what to do' },
  { name: 'an unknown action', fields: { action: 'constructor', all: '1' }, why: 'Choose what to do' },
  { name: 'an id that is none', fields: { action: 'block', ids: "1' or '1'='1" }, why: 'is not valid' },
  {
    name: 'a status that is none',
    fields: { action: 'block', all: '1', status: 'any' },
    why: 'is not valid',
  },
  { name: 'a team that is none', fields: { action: 'block', all: '1', team: '0' }, why: 'is not valid' },
  { name: 'a role that is none', fields: { action: 'block', all: '1', role: 'x' }, why: 'is not valid' },
  {
    name: 'all are meant, by a filter that nobody knows (fault 14)',
    fields: { action: 'block', all: '1', teams: 'Harbour' },
    why: 'is not valid',
  },
  { name: 'a NUL in the search', fields: { action: 'block', all: '1', q: 'a\0' }, why: 'cannot be typed' },
] as { name: string; fields: Fields; why: string }[])(
  'nothing is done where $name',
  async ({ fields, why }) => {
    const { active } = await crewOf({ active: 1 })
    const answer = await confirmed(admin, fields)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain(why)
    expect(await statuses(ids(active))).toEqual({ active: 1 })
  },
)
