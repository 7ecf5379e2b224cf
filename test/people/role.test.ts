import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { customRole, roleId } from '../support/roles.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const route = ({ id }: TestUser) => `/users/${id}/role`

let admin: HttpClient
let owner: HttpClient
let roles: Record<string, string>
let teams: Record<string, string>

beforeAll(async () => {
  admin = await app.as('admin')
  owner = await app.as('owner')
  const Foreman = await customRole(app.db, 'Foreman', ['users.view', 'users.manage'], 'team')
  const names = ['Owner', 'Admin', 'Dispatcher', 'Auditor', 'Fieldworker']
  const ids = await Promise.all(names.map((name) => roleId(app.db, name)))
  roles = { Foreman, ...Object.fromEntries(names.map((name, i) => [name, ids[i]])) }
  const { rows } = await app.db.query(sql`select name, id from teams`)
  teams = Object.fromEntries((rows as { name: string; id: string }[]).map(({ name, id }) => [name, id]))
})

const somebody = (role = 'Fieldworker', more: object = {}) =>
  app.createUser({ name: 'Rolf Role', role, team: 'North', ...more })
const place = ({ id }: TestUser) =>
  one(
    app.db,
    z.object({ role: z.string(), team: z.string().nullable() }),
    sql`select r.name as role, t.name as team from users u join roles r on r.id = u.role_id
        left join teams t on t.id = u.team_id where u.id = ${id}`,
  )
const give = (client: HttpClient, who: TestUser, role: string, team?: string | null) =>
  client.post(
    route(who),
    {
      roleId: roles[role] ?? '',
      ...(team === undefined ? {} : { teamId: team === null ? '' : (teams[team] ?? '') }),
    },
    '/account/password',
  )

describe('changing somebody’s role', () => {
  test('holds from their next request on, in sessions that are open, and back again', async () => {
    const who = await somebody()
    const device = await app.signIn(who)
    expect((await device.get('/fieldworkers')).status).toBe(403)
    const answer = await give(admin, who, 'Dispatcher')
    expect([answer.status, answer.headers.location]).toEqual([303, `/fieldworkers/${who.id}`])
    expect(textOf((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'Rolf Role is now Dispatcher in the team North',
    )
    expect((await device.get('/fieldworkers')).status).toBe(200)
    await give(admin, who, 'Fieldworker')
    expect((await device.get('/fieldworkers')).status).toBe(403)
  })

  test('is recorded with before and after, and they are told by mail', async () => {
    const who = await somebody()
    await give(admin, who, 'Auditor', 'Harbour')
    expect(await activityFor(app.db, who)).toMatchObject([
      {
        event: 'role_changed',
        actor_id: app.cast.admin.id,
        details: { before: 'Fieldworker', after: 'Auditor', team_before: 'North', team_after: 'Harbour' },
      },
    ])
    const [email] = await app.emailsTo(who)
    expect(email).toMatchObject({ template: 'role_changed', subject: 'Your role was changed' })
    for (const part of [email?.text, email?.html])
      for (const said of ['Dana Admin, Admin', 'Fieldworker', 'Auditor', 'Harbour', 'call your office'])
        expect(part).toContain(said)
    const activity = textOf((await admin.get(`/fieldworkers/${who.id}/activity`)).text)
    expect(activity).toContain('From Fieldworker to Auditor. Team from North to Harbour.')
  })

  test('that changes nothing says so, and tells nobody', async () => {
    const who = await somebody()
    expect((await give(admin, who, 'Fieldworker', 'North')).status).toBe(303)
    expect(textOf((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'Nothing was changed for Rolf Role',
    )
    expect([await activityFor(app.db, who), await app.emailsTo(who)]).toEqual([[], []])
  })

  test('has the role of today chosen, and offers the others from the least to the most', async () => {
    const page = (await owner.get(route(await somebody('Dispatcher')))).text
    const offered = [...page.matchAll(/<option value="[^"]+"( selected)?>(\w+), /g)]
    expect(offered.map(([, , name]) => name)).toEqual([
      ...['Fieldworker', 'Auditor', 'Dispatcher', 'Foreman', 'Admin', 'Owner'],
    ])
    expect(offered.filter(([, chosen]) => chosen).map(([, , name]) => name)).toEqual(['Dispatcher'])
  })

  test('of who is still invited sends a new invitation, since the one before is invalid', async () => {
    const who = await somebody('Fieldworker', { status: 'invited', verified: false })
    await give(admin, who, 'Auditor')
    expect((await app.emailsTo(who)).map(({ template }) => template)).toEqual(['invitation'])
    await give(admin, who, 'Auditor', 'Harbour')
    expect(await app.emailsTo(who)).toHaveLength(1)
    expect(await place(who)).toEqual({ role: 'Auditor', team: 'Harbour' })
  })

  test('takes no other field', async () => {
    const who = await somebody()
    const fields = { roleId: roles.Auditor ?? '', name: 'Other', email: 'other@firm.test', status: 'blocked' }
    expect((await admin.post(route(who), fields)).status).toBe(303)
    const row = await one(
      app.db,
      z.object({ name: z.string(), email: z.string(), status: z.string() }),
      sql`select name, email, status from users where id = ${who.id}`,
    )
    expect(row).toEqual({ name: who.name, email: who.email, status: 'active' })
  })

  test.each([
    ['no role', { roleId: '' }, 'Choose a role.'],
    ['a NUL', { roleId: '\0' }, 'Choose a role.'],
    ['a role that is none', { roleId: crypto.randomUUID() }, 'no longer exists'],
    ['a team that is none', { teamId: crypto.randomUUID() }, 'no longer exists'],
  ])('%s answers 422 and changes nothing', async (_, fields, message) => {
    const who = await somebody()
    const answer = await admin.post(route(who), fields)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect(await place(who)).toEqual({ role: 'Fieldworker', team: 'North' })
  })

  test('a role for one team asks for the team', async () => {
    const who = await somebody()
    const answer = await give(admin, who, 'Dispatcher', null)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('choose which')])
  })

  test('asks for the password first when it was entered half an hour ago', async () => {
    const who = await somebody()
    const late = await app.signIn(await app.createUser({ name: 'Late Admin', role: 'Admin' }))
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes'
          where user_id = (select id from users where name = 'Late Admin')`,
    )
    for (const answer of [await late.get(route(who)), await give(late, who, 'Auditor')])
      expect(answer.headers.location).toBe(`/confirm-password?next=${encodeURIComponent(route(who))}`)
    expect(await place(who)).toMatchObject({ role: 'Fieldworker' })
  })
})

describe('nobody gives, or takes from, more than they hold', () => {
  test('a role that holds more is neither offered nor given', async () => {
    const who = await somebody()
    expect((await admin.get(route(who))).text).not.toContain(roles.Owner)
    const answer = await give(admin, who, 'Owner')
    expect([answer.status, textOf(answer.text)]).toEqual([
      403,
      expect.stringContaining('You can’t give the role Owner'),
    ])
    expect(await place(who)).toMatchObject({ role: 'Fieldworker' })
    expect((await give(owner, who, 'Owner')).status).toBe(303)
    expect((await give(admin, who, 'Fieldworker')).status).toBe(403)
    expect(await place(who)).toMatchObject({ role: 'Owner' })
    await give(owner, who, 'Fieldworker')
  })

  test('nobody changes their own', async () => {
    for (const [client, self] of [
      [admin, app.cast.admin],
      [owner, app.cast.owner],
    ] as const) {
      const answer = await give(client, self, 'Fieldworker')
      expect([answer.status, textOf(answer.text)]).toEqual([403, expect.stringContaining('your own account')])
    }
  })

  test('who reaches one team gives its roles within it alone', async () => {
    const foreman = await app.signIn(await somebody('Foreman', { name: 'Frida Foreman' }))
    const who = await somebody()
    expect((await give(foreman, who, 'Foreman')).status).toBe(303)
    for (const [role, team] of [
      ['Auditor', undefined],
      ['Foreman', 'Harbour'],
      ['Fieldworker', null],
    ] as const)
      expect((await give(foreman, who, role, team)).status).toBe(403)
    expect((await give(foreman, app.cast.otto, 'Fieldworker')).status).toBe(403)
    expect(await place(who)).toEqual({ role: 'Foreman', team: 'North' })
  })

  test.each(['dispatcher', 'auditor', 'sam'] as const)('%s changes no role', async (name) => {
    const client = await app.as(name)
    const who = await somebody()
    expect((await client.get(route(who))).status).toBe(403)
    expect((await give(client, who, 'Auditor')).status).toBe(403)
    expect(await place(who)).toMatchObject({ role: 'Fieldworker' })
  })
})

describe('there is always an Owner', () => {
  test('the last active one keeps the role, and who asked is told what to do', async () => {
    await customRole(app.db, 'Everything', [
      ...(['users.view', 'users.manage', 'passwords.change', 'users.impersonate', 'activity.view'] as const),
      ...([
        'activity.export',
        'campaigns.manage',
        'automations.manage',
        'roles.manage',
        'settings.manage',
      ] as const),
    ])
    const equal = await app.signIn(await somebody('Everything', { name: 'Eva Equal' }))
    const answer = await give(equal, app.cast.owner, 'Admin')
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('They are the last active Owner. Make another person an Owner first.'),
    ])
    expect(await place(app.cast.owner)).toMatchObject({ role: 'Owner' })
    expect(await activityFor(app.db, app.cast.owner, 'role_changed')).toEqual([])
  })

  test('of two who demote each other at once one stays', async () => {
    const second = await somebody('Owner', { name: 'Otis Owner' })
    const clients = [owner, await app.signIn(second)]
    const targets = [second, app.cast.owner]
    const tokens = await Promise.all(clients.map((client) => client.token('/account/password')))
    const answers = await Promise.all(
      clients.map((client, i) =>
        client.postBare(route(targets[i] ?? second), { _csrf: tokens[i] ?? '', roleId: roles.Admin ?? '' }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403])
    const left = await one(
      app.db,
      z.object({ n: z.coerce.number() }),
      sql`select count(*) as n from users where role_id = ${roles.Owner} and status = 'active'`,
    )
    expect(left.n).toBe(1)
  })
})

test('the menus offer what will be allowed, and nothing else', async () => {
  const menu = async (client: HttpClient, { id }: TestUser) => (await client.get(`/fieldworkers/${id}`)).text
  const [who, other] = [await somebody(), await somebody('Owner')]
  for (const offer of ['Edit details', 'Change role']) {
    expect(await menu(admin, who)).toContain(offer)
    expect(await menu(admin, other)).not.toContain(offer)
    expect(await menu(admin, app.cast.admin)).not.toContain(offer)
    expect(await menu(await app.as('dispatcher'), app.cast.sam)).not.toContain(offer)
    for (const list of ['/fieldworkers?q=rolf', '/settings/company/users?q=rolf'])
      expect((await admin.get(list)).text).toContain(offer)
  }
})
