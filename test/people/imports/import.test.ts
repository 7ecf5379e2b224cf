import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const route = '/fieldworkers/import'
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

/** A domain of its own for each file, so that none meets the people of another. */
const domain = () => `file${++files}.test`
const check = async (by: HttpClient, file: string | Buffer) => {
  const answer = await by.upload(route, file)
  return { answer, place: answer.headers.location ?? '' }
}
const start = (by: HttpClient, place: string) => by.post(`${place}/start`, {}, '/account')
const pageOf = async (by: HttpClient, place: string) => textOf((await by.get(place)).text)

async function people(at: string) {
  return many(
    app.db,
    z.object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      phone: z.string().nullable(),
      status: z.string(),
      team: z.string().nullable(),
      role: z.string(),
    }),
    sql`select u.id, u.name, email, phone, status, t.name as team, r.name as role
        from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id
        where email like ${`%@${at}`} order by email`,
  )
}

describe('a good file', () => {
  test('is looked at first; pressed, each row becomes an invited fieldworker, recorded, with an invitation', async () => {
    const at = domain()
    const file = `${header}Ada Brandt,Ada@${at},+44 20 7946 0018,north\nBas “B” Okonjo,bas@${at},,\n`
    const { answer, place } = await check(admin, file)
    expect(answer.status).toBe(303)
    expect(await pageOf(admin, place)).toContain('Import and invite 2 people')
    expect(await people(at)).toEqual([])

    expect((await start(admin, place)).headers.location).toBe(place)
    expect(await pageOf(admin, place)).toContain('Waiting for its turn')
    await app.runJobs()
    const page = await pageOf(admin, place)
    expect(page).toContain('2 people imported')
    const made = await people(at)
    const both = { status: 'invited', role: 'Fieldworker' }
    expect(made).toMatchObject([
      { ...both, name: 'Ada Brandt', email: `ada@${at}`, phone: '+44 20 7946 0018', team: 'North' },
      { ...both, name: 'Bas “B” Okonjo', email: `bas@${at}`, phone: null, team: null },
    ])
    for (const [i, person] of made.entries()) {
      expect(await activityFor(app.db, person)).toEqual([
        expect.objectContaining({
          event: 'user_imported',
          actor_id: app.cast.admin.id,
          details: expect.objectContaining({ file: 'people.csv', line: i + 2 }),
        }),
      ])
      const emails = await app.emailsTo(person)
      expect(emails.map(({ template }) => template)).toEqual(['invitation'])
      expect(emails[0]?.text).toContain('Dana Admin, Admin')
    }
  })

  test.each([
    {
      name: 'from Excel, with semicolons, its mark and CR LF',
      make: (rows: string) => `\ufeff${rows.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    },
    {
      name: 'with the columns in another order and case',
      make: (_: string, at: string) => `Email,TEAM,phone,Name\nada@${at},Harbour,,Ada Brandt\n`,
    },
    {
      name: 'as our own CSV would have it',
      make: (_: string, at: string) =>
        `"name","email","phone","team"\r\n"Ada Brandt","ada@${at}","'+44 20 7946 0018","Harbour"\r\n`,
    },
  ])('may come $name', async ({ make }) => {
    const at = domain()
    const { place } = await check(admin, make(`${header}Ada Brandt,ada@${at},,Harbour\n`, at))
    expect(await pageOf(admin, place)).toContain('Import and invite 1 person')
    await start(admin, place)
    await app.runJobs()
    expect(await people(at)).toMatchObject([{ name: 'Ada Brandt', team: 'Harbour' }])
  })

  test('pressed twice is imported once', async () => {
    const at = domain()
    const { place } = await check(admin, `${header}Ada,ada@${at},,\n`)
    expect(await pageOf(admin, place)).toMatch(/Checked today, [\d:]+: 1 row Nobody/)
    expect(await pageOf(admin, place)).not.toContain('no team')
    await Promise.all([start(admin, place), start(admin, place)])
    await app.runJobs()
    await start(admin, place)
    await app.runJobs()
    expect(await people(at)).toHaveLength(1)
    expect(await app.emailsTo({ email: `ada@${at}` } as TestUser)).toHaveLength(1)
  })
})

test('every row with a fault is named, by its line and the reason; the others are imported without it', async () => {
  const at = domain()
  const rows = [
    [`Good One,one@${at},,North`, null],
    [`,two@${at},,`, 'The name is missing'],
    ['No Address,,,', 'The address is missing'],
    ['Bad Address,not an address,,', 'Enter an address such as'],
    ['Taken,SAM@firm.test,,', 'Another account has this address'],
    [`Twice,ONE@${at},,`, 'also on line 2'],
    [`No Team,four@${at},,Southern crew`, 'There is no team “Southern crew”'],
    [`Nul\0,five@${at},,`, 'contains a character that is not allowed'],
    [`${'x'.repeat(121)},six@${at},,`, 'at most 120 characters'],
    [`Bad Phone,seven@${at},call me,`, 'Enter a phone number such as'],
    [`Many,nine@${at},,,x,`, 'It has more cells than the header has columns'],
    [`<script>,ten@${at},,`, null],
    [`Zoë,zoe@${at},,`, null],
    [`Søren,soren@${at},,`, null],
    [`"Two\r\nlines",eleven@${at},,`, 'cannot be typed'],
  ] as [string, string | null][]
  const latin = Buffer.from(`J\u00f6rg,joerg@${at},,\n`, 'latin1')
  const file = Buffer.concat([Buffer.from(header + rows.map(([row]) => `${row}\n`).join('')), latin])
  const { place } = await check(admin, file)
  const { text } = await admin.get(place)
  expect(textOf(text)).toContain('Import and invite 4 people')
  expect(textOf(text)).toContain('12 rows have a fault')
  const told = [...text.matchAll(/<th scope="row">(\d+)<\/th><td[^>]*>([^<]*)/g)].map(([, line, why]) => [
    line,
    why,
  ])
  const expected = rows.flatMap(([, why], i) => (why === null ? [] : [[i + 2, why]]))
  expect(told).toEqual(
    [...expected, [18, 'not UTF-8']].map(([line, why]) => [
      String(line),
      expect.stringContaining(String(why)),
    ]),
  )
  await start(admin, place)
  await app.runJobs()
  expect((await people(at)).map(({ name }) => name)).toEqual(['Good One', 'Søren', '<script>', 'Zoë'])
})

test.each([
  { name: 'no file', file: '', why: 'no rows below the header|Choose a file|must name the columns' },
  { name: 'another header', file: 'name,address,phone,team\nA,b@c.test,,\n', why: 'must name the columns' },
  { name: 'no header', file: 'Ada,ada@x.test,,\n', why: 'must name the columns' },
  { name: 'nothing below the header', file: header, why: 'no rows below the header' },
  { name: 'an open quotation mark', file: `${header}"Ada,a@b.test,,\nBas,b@b.test,,\n`, why: 'never closed' },
  { name: 'a spreadsheet of Excel', file: 'PK\u0003\u0004\0\0\0\u0008', why: 'not a CSV file' },
  {
    name: 'a picture',
    file: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    why: 'must name the columns',
  },
  { name: 'too many rows', file: header + 'a,b,,\n'.repeat(50_001), why: 'at most 50,000' },
  { name: 'more than five megabytes', file: Buffer.alloc(5 * 1024 * 1024 + 1, 'a'), why: 'larger than 5 MB' },
])('a file that is $name is told beside the field', async ({ file, why }) => {
  const { answer } = await check(admin, file)
  expect(answer.status).toBe(422)
  expect(textOf(answer.text)).toMatch(new RegExp(why))
})

test('a form of this route that is forged, broken or without a file is refused, and nothing is kept', async () => {
  const before = await one(app.db, z.object({ n: z.coerce.number() }), sql`select count(*) as n from imports`)
  expect((await admin.post(route, {}, route)).status).toBe(422)
  expect((await admin.postBare(route, {})).status).toBe(403)
  const broken = ['multipart/form-data', 'multipart/form-data; boundary=x']
  for (const type of broken) expect((await admin.postRaw(route, type, 'no part')).status).toBe(400)
  const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname\r\n--x--\r\n'
  expect((await admin.postRaw(route, broken[1] ?? '', part)).status).toBe(403)
  const sam = await app.as('sam')
  expect((await sam.upload(route, `${header}A,a@b.test,,\n`, 'x.csv', '/account')).status).toBe(403)
  expect(
    await one(app.db, z.object({ n: z.coerce.number() }), sql`select count(*) as n from imports`),
  ).toEqual(before)
})

describe('nobody imports outside their access', () => {
  const lead = async () => {
    const who = await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'Harbour' })
    return { who, visitor: await app.signIn(who) }
  }
  const file = (at: string) => `${header}Ada,ada@${at},,Harbour\nBas,bas@${at},,North\nCem,cem@${at},,\n`

  test('a role for one team only into that team, which is meant where none is named', async () => {
    const at = domain()
    const { visitor: client } = await lead()
    const { place } = await check(client, file(at))
    const told = await pageOf(client, place)
    expect(told).toContain('You don’t have access to this team')
    expect(told).toContain(
      'One good row names no team Your role reaches Harbour alone, so that is where it goes. 1',
    )
    await start(client, place)
    await app.runJobs()
    for (const person of await people(at))
      expect(await activityFor(app.db, person)).toMatchObject([{ details: { team: 'Harbour' } }])
    expect((await people(at)).map(({ name, team }) => [name, team])).toEqual([
      ['Ada', 'Harbour'],
      ['Cem', 'Harbour'],
    ])
  })

  test('nor sees or starts what somebody else uploaded', async () => {
    const { place } = await check(admin, file(domain()))
    const owner = await app.as('owner')
    expect((await owner.get(place)).status).toBe(404)
    expect((await start(owner, place)).status).toBe(404)
    const dispatcher = await app.as('dispatcher')
    expect((await dispatcher.get(place)).status).toBe(403)
    expect((await start(dispatcher, place)).status).toBe(403)
  })

  test.each([
    {
      name: 'were blocked',
      change: sql`status = 'blocked'`,
      code: 'starter_not_active',
      why: 'can no longer sign in',
    },
    {
      name: 'lost the right',
      change: sql`role_id = (select id from roles where name = 'Dispatcher')`,
      code: 'starter_not_allowed',
      why: 'may no longer import people',
    },
    {
      name: 'were moved to another team',
      change: sql`team_id = (select id from teams where name = 'North')`,
      code: 'team_not_allowed',
      why: 'no longer has access to the team Harbour',
    },
  ])(
    'not even by a job that waited while they $name: it stops, and says so',
    async ({ change, code, why }) => {
      const at = domain()
      const { who, visitor: client } = await lead()
      const { place } = await check(client, file(at))
      expect((await start(client, place)).status).toBe(303)
      await run(app.db, sql`update users set ${change} where id = ${who.id}`)
      await app.runJobs()
      expect(await people(at)).toEqual([])
      const [, id] = /import\/([\w-]+)/.exec(place) ?? []
      const { stop_reason } = await one(
        app.db,
        z.object({ stop_reason: z.object({ code: z.string() }) }),
        sql`select stop_reason from imports where id = ${id}`,
      )
      expect(stop_reason.code).toBe(code)
      await run(app.db, sql`update imports set started_by = ${app.cast.owner.id} where id = ${id}`)
      expect(textOf((await (await app.as('owner')).get(place)).text)).toContain(
        `The import stopped The person who started it ${why}. No one was imported.`,
      )
    },
  )
})

test('all of it or nothing: an address that was taken meanwhile stops the whole import', async () => {
  const at = domain()
  const rows = Array.from({ length: 1_500 }, (_, i) => `Person ${i},p${String(i).padStart(4, '0')}@${at},,\n`)
  const { place } = await check(admin, header + rows.join(''))
  await start(admin, place)
  await run(
    app.db,
    sql`insert into users (name, email, role_id)
        values ('Quick', ${`p1400@${at}`}, (select id from roles where name = 'Fieldworker'))`,
  )
  await app.runJobs()
  const page = await pageOf(admin, place)
  expect(page).toContain(
    `other accounts have taken these addresses: p1400@${at}. Upload the file again. No one was imported.`,
  )
  expect((await people(at)).map(({ name }) => name)).toEqual(['Quick'])
  expect(await activityFor(app.db, (await people(at))[0] as TestUser)).toEqual([])
})

test('what is kept of a file goes: good rows once they are people, all of it after a while', async () => {
  const at = domain()
  const rows = () =>
    one(
      app.db,
      z.object({ n: z.coerce.number() }),
      sql`select count(*) as n from import_rows where email like ${`%${at}`}`,
    )
  const { place } = await check(admin, `${header}Ada,ada@${at},,\n,bas@${at},,\n`)
  expect(await rows()).toEqual({ n: 2 })
  await start(admin, place)
  await app.runJobs()
  expect(await rows()).toEqual({ n: 1 })
  await run(app.db, sql`update imports set created_at = now() - interval '31 days'`)
  await app.pruneImports()
  expect(await rows()).toEqual({ n: 0 })
  expect((await admin.get(place)).status).toBe(404)
})
