import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { intersectRoles } from '../../../src/access/can.ts'
import type { Permission } from '../../../src/access/permissions.ts'
import { checkChain } from '../../../src/activity/chain/check.ts'
import { many, one, run, sql } from '../../../src/platform/db.ts'
import { rowsOf } from '../../support/csv.ts'
import { address, routesOf, type Route } from '../../support/routes.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const reason = 'Cannot find the job sheet'

async function as(who: TestUser, worker: TestUser, client?: HttpClient): Promise<HttpClient> {
  const behind = client ?? (await app.signIn(who))
  const answer = await behind.post(`/users/${worker.id}/impersonation`, { reason })
  expect(answer.status).toBe(303)
  return behind
}

let deputy: TestUser
let owner: HttpClient
beforeAll(async () => {
  deputy = await app.createUser({ name: 'Dep Owner', role: 'Owner' })
  owner = await as(app.cast.owner, deputy)
})

// All that stays open, written out by hand, to an Owner who works as another Owner. What is not written here is shut.
const open = `
  GET  /healthz
  GET  /readyz
  GET  /metrics
  POST /csp-report
  GET  /dev/outbox
  GET  /dev/outbox.json
  GET  /dev/outbox/:id
  GET  /dev/outbox/:id/html
  GET  /.well-known/change-password
  GET  /sign-in
  GET  /
  GET  /m
  GET  /account
  GET  /account/activity
  GET  /today
  GET  /fieldworkers
  GET  /people.json
  GET  /fieldworkers/new
  GET  /fieldworkers/import/:id
  POST /fieldworkers/new
  GET  /fieldworkers/:id
  GET  /fieldworkers/:id/activity
  GET  /automations/security
  GET  /automations/security/:key
  GET  /campaigns
  GET  /campaigns/:id
  GET  /settings/communications/canned-responses
  GET  /settings
  GET  /settings/company
  GET  /settings/company/users
  GET  /settings/company/teams
  GET  /settings/company/roles
  GET  /settings/company/roles/:id
  GET  /activity-log
  GET  /activity-log/people
  GET  /activity-log/evidence
  GET  /email-log
  POST /sign-out
  POST /impersonation/end`
  .trim()
  .split('\n')
  .map((line) => line.trim().replace(/ +/, ' '))
// Shut by asking for a password, once there is something to ask it for.
const nothingThere = [
  'GET /campaigns/:id.csv',
  'GET /settings/communications/canned-responses/:id',
  'GET /settings/company/teams/:id',
]
const events = () =>
  many(
    app.db,
    z.object({ event: z.string() }),
    sql`select event from activity_log where actor_id is not null order by seq`,
  )
const named = ({ method, path }: Route) => `${method} ${path}`

describe('during impersonation', () => {
  test('every route that is not listed is denied, also to a direct POST, and says why and how to return', async () => {
    const before = await events()
    const _csrf = await owner.token('/account')
    const shut = routesOf(app.express).filter((route) => !open.includes(named(route)))
    expect(shut.map(named)).toEqual(
      expect.arrayContaining([
        ...[
          'POST /account/password',
          'POST /m/password',
          'POST /users/:id/password',
          'POST /users/:id/password-reset',
        ],
        ...['POST /account/email', 'POST /account/email-verification', 'POST /users/:id/email-verification'],
        ...[
          'POST /account/sessions/:id/end',
          'POST /account/sessions/end-others',
          'POST /users/:id/sessions/end',
        ],
        ...['POST /confirm-password', 'POST /sign-in', 'POST /reset-password', 'POST /verify-email'],
        ...['POST /users/:id/impersonation', 'POST /activity-log/retention', 'GET /activity-log.csv'],
      ]),
    )
    for (const route of shut) {
      const to = address(route, app.cast.sam.id)
      const answer = await (route.method === 'GET' ? owner.get(to) : owner.postBare(to, { _csrf }))
      if (nothingThere.includes(named(route))) {
        expect(answer.status).toBe(404)
        continue
      }
      expect([named(route), answer.status]).toEqual([named(route), 403])
      expect(textOf(answer.text)).toContain('This isn’t available while you’re logged in as Dep Owner')
      expect(textOf(answer.text)).toContain('Select “Return to my account”')
    }
    expect(await events()).toEqual(before)
  })

  test('every listed route exists, and is allowed', async () => {
    const there = routesOf(app.express).map(named)
    expect(there).toEqual(expect.arrayContaining(open))
    const posts = open.filter((route) => route.startsWith('POST'))
    for (const route of routesOf(app.express).filter(
      (each) => open.includes(named(each)) && !posts.includes(named(each)),
    )) {
      const { status, text = '' } = await owner.get(address(route, app.cast.sam.id))
      expect([named(route), status < 400 || status === 404 || status === 410]).toEqual([named(route), true])
      expect(text).not.toContain('This is closed')
    }
  })

  test('the password, the email and the devices of a fieldworker are denied', async () => {
    const client = await as(app.cast.admin, app.cast.sam)
    const _csrf = await client.token('/account')
    for (const path of [
      '/account/password',
      '/m/password',
      '/account/email',
      '/account/sessions',
      '/confirm-password',
    ])
      for (const answer of [await client.get(path), await client.postBare(path, { _csrf })])
        expect([path, answer.status, textOf(answer.text).includes('This isn’t available while')]).toEqual([
          path,
          403,
          true,
        ])
    const account = textOf((await client.get('/account')).text)
    expect(account).toContain('Closed while you work as Sam. Use Change password from your own account.')
    for (const gone of ['Change my password', 'Change email', 'See devices'])
      expect(account).not.toContain(gone)
    const home = textOf((await client.get('/m')).text)
    expect(home).toContain('Closed while you work as Sam')
    expect(home).not.toContain('Last changed')
  })

  test('the banner is on every page: lists, denials, pages not found, mobile and public pages', async () => {
    const pages = {
      ...{ '/account': 200, '/fieldworkers': 200, '/m': 200, '/forgot-password': 403, '/m/password': 403 },
      ...{ '/nowhere/at/all': 404, [`/users/${app.cast.otto.id}/password`]: 403, '/reset-password/x': 403 },
    }
    for (const [path, status] of Object.entries(pages)) {
      const answer = await owner.get(path)
      expect([path, answer.status]).toEqual([path, status])
      expect(answer.text).toMatch(/<aside class="acting" aria-label="You are working as someone else">/)
      expect(textOf(answer.text)).toMatch(/You are working as Dep Owner. Begun by Olivia Owner at/)
      expect(answer.text).toMatch(
        /<form method="post" action="\/impersonation\/end"><input type="hidden" name="_csrf"/,
      )
    }
    expect((await app.client().get('/sign-in')).text).not.toContain('class="acting"')
  })

  test('nothing is offered that is denied', async () => {
    for (const path of [
      '/fieldworkers',
      `/fieldworkers/${app.cast.sam.id}`,
      '/activity-log',
      '/activity-log/evidence',
      '/settings/company/roles',
      '/settings/company/users',
      '/settings/company/teams',
    ]) {
      const { text } = await owner.get(path)
      for (const shut of [
        /\/password\b/,
        '/account/sessions',
        /\/impersonation\?/,
        /\.csv/,
        /\.zip/,
        'roles/new',
        'users/new',
        'company/security',
        'company/profile',
        'fieldworkers/import',
        'Add team',
        'formaction="/users/',
      ])
        expect([path, text.search(shut)]).toEqual([path, -1])
    }
  })

  test.each(['/account', '/account/activity', '/m'])('%s leads nowhere that is denied', async (page) => {
    const client = await as(app.cast.admin, app.cast.sam)
    const { text } = await client.get(page)
    const links = [...text.matchAll(/<a [^>]*href="(\/[^"#]*)"/g)].map(([, to = '']) => to)
    const forms = [...text.matchAll(/(?:form)?action="(\/[^"]*)"/g)].map(([, to = '']) => to)
    expect(links.length).toBeGreaterThan(0)
    for (const to of new Set(links)) expect([to, (await client.get(to)).status]).not.toEqual([to, 403])
    expect([...new Set(forms)].sort()).toEqual(['/impersonation/end', '/sign-out'])
  })
})

describe('permissions are those that both people have', () => {
  test('an Owner impersonating an Admin sees what an Admin sees', async () => {
    const admin = await as(app.cast.owner, app.cast.admin)
    expect((await admin.get('/settings/company/roles')).status).toBe(403)
    for (const path of [
      '/fieldworkers',
      '/activity-log',
      '/settings/company/users',
      `/fieldworkers/${app.cast.otto.id}`,
    ])
      expect((await admin.get(path)).status).toBe(200)
  })

  test('an admin with company scope impersonating a dispatcher acts within that team only', async () => {
    const client = await as(app.cast.owner, app.cast.dispatcher)
    const list = (await client.get('/fieldworkers')).text
    expect(list).toContain('Sam Field')
    expect(list).not.toContain('Otto Harbour')
    const { status, text } = await client.get(`/fieldworkers/${app.cast.otto.id}`)
    expect([status, textOf(text)]).toEqual([403, expect.stringContaining('covers the team North')])
    const log = await client.get('/activity-log')
    expect([log.status, textOf(log.text)]).toEqual([
      403,
      expect.stringContaining('You’re logged in as Tom Dispatcher'),
    ])
  })

  test('impersonating a fieldworker adds no permission of the admin', async () => {
    const client = await as(app.cast.owner, app.cast.sam)
    const admin = await as(app.cast.owner, app.cast.admin)
    expect((await admin.get('/settings/company/roles')).status).toBe(403)
    for (const path of ['/fieldworkers', '/activity-log', `/fieldworkers/${app.cast.otto.id}`, '/email-log'])
      expect((await client.get(path)).status).toBe(403)
  })

  test('a team lead stays within the team, and the impersonation ends when either leaves it', async () => {
    const permissions = ['users.view', 'users.impersonate', 'passwords.change']
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions) values ('Team lead', 'office', 'team', ${permissions})`,
    )
    const lead = await app.createUser({ name: 'Lea Lead', role: 'Team lead', team: 'North' })
    const second = await app.createUser({ name: 'Dora Dispatcher', role: 'Dispatcher', team: 'North' })
    const client = await app.signIn(lead)
    const move = ({ id }: TestUser, team: string) =>
      run(
        app.db,
        sql`update users set team_id = (select id from teams where name = ${team}) where id = ${id}`,
      )
    for (const who of [second, lead]) {
      await as(lead, second, client)
      expect((await client.get('/fieldworkers')).text).not.toContain('Otto Harbour')
      await move(who, 'Harbour')
      const after = textOf((await client.get('/account')).text)
      expect(after).toContain('You can no longer log in as Dora Dispatcher')
      await move(who, 'North')
    }
  })

  const role = (scope: 'company' | 'team', permissions: Permission[]) => ({
    ...{ id: '', name: '', email: '', teamId: 'north' },
    role: { name: 'Role', kind: 'office' as const, scope, permissions },
  })
  test.each([
    ['company', 'company', 'company'],
    ['company', 'team', 'team'],
    ['team', 'company', 'team'],
    ['team', 'team', 'team'],
  ] as const)('%s and %s reach the %s', (behind, other, both) => {
    const held = intersectRoles(
      role(behind, ['users.view', 'users.manage', 'users.impersonate']),
      role(other, ['users.view', 'users.manage', 'roles.manage']),
    )
    expect(held).toMatchObject({ scope: both, permissions: ['users.view', 'users.manage'] })
  })
})

describe('the account itself is unchanged', () => {
  test('last sign-in, devices, known browsers and emails show no sign-in', async () => {
    const worker = await app.createUser({ name: 'Una Untouched', role: 'Fieldworker' })
    const traces = () =>
      one(
        app.db,
        z.object({
          user: z.string(),
          sessions: z.coerce.number(),
          devices: z.coerce.number(),
          emails: z.coerce.number(),
        }),
        sql`select to_jsonb(u)::text as user, (select count(*) from sessions where user_id = u.id) as sessions,
              (select count(*) from known_devices where user_id = u.id) as devices,
              (select count(*) from emails where user_id = u.id) as emails
            from users u where id = ${worker.id}`,
      )
    const before = await traces()
    const client = await as(app.cast.admin, worker)
    for (const path of ['/account', '/m', '/account/activity']) await client.get(path)
    const device = textOf((await (await app.as('owner')).get(`/fieldworkers/${worker.id}`)).text)
    expect(device).toContain('No device is signed in.')
    await client.post('/impersonation/end', {}, '/account')
    expect(await traces()).toEqual(before)
    expect((await activityFor(app.db, worker)).map(({ event }) => event)).toEqual([
      'impersonation_started',
      'impersonation_ended',
    ])
  })

  test('the worker keeps their own devices, and reads who was there, when, why and how long', async () => {
    const worker = await app.createUser({ name: 'Rita Reader', role: 'Fieldworker' })
    const device = await app.signIn(worker)
    const client = await as(app.cast.admin, worker)
    expect(textOf((await device.get('/account/sessions')).text)).toContain('This device')
    expect((await device.get('/account/sessions')).text.match(/<li>/g)).toHaveLength(1)
    await run(
      app.db,
      sql`update impersonations set started_at = started_at - interval '7 minutes', ends_at = ends_at - interval '7 minutes' where user_id = ${worker.id}`,
    )
    await client.post('/impersonation/end', {}, '/account')
    const iphone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'
    for (const reader of [
      device.get('/account/activity'),
      device.get('/account/activity').set('User-Agent', iphone),
    ]) {
      const read = textOf((await reader).text)
      expect(read).toContain(`Dana Admin logged in as Rita Reader Reason: “${reason}”`)
      expect(read).toContain('Dana Admin stopped working as Rita Reader After 7 minutes. Returned.')
    }
  })
})

describe('every action during impersonation names both people', () => {
  test('in the log, its CSV, on its pages, and in the chain', async () => {
    const fields = { name: 'Nell Newcomer', email: 'nell@firm.test' }
    expect((await owner.post('/fieldworkers/new', fields)).status).toBe(303)
    const auditor = await app.as('auditor')
    const [row] = rowsOf((await auditor.get('/activity-log.csv?event=user_created')).text)
    expect(row).toMatchObject({
      ...{ actor_id: deputy.id, actor_name: 'Dep Owner', actor_email: deputy.email },
      ...{ impersonator_id: app.cast.owner.id, impersonator_email: 'owner@firm.test' },
      ...{ subject_email: 'nell@firm.test' },
    })
    const { text } = await auditor.get('/activity-log?event=user_created')
    expect(textOf(text)).toContain('Olivia Owner as Dep Owner created the account of Nell Newcomer')
    expect(text).toContain('<span class="as-mark">as Dep Owner</span>')
    expect(textOf(text)).toContain('Impersonator Olivia Owner, owner@firm.test')
    expect(await checkChain(app.db)).toMatchObject({ fault: null })
  })

  test('its start and end name the admin as the actor, and no impersonator', async () => {
    const worker = await app.createUser({ name: 'Bea Both', role: 'Fieldworker' })
    const client = await as(app.cast.owner, worker)
    await client.post('/impersonation/end', {}, '/account')
    const rows = await many(
      app.db,
      z.object({ actor_id: z.string(), impersonator_id: z.string().nullable(), subject_id: z.string() }),
      sql`select actor_id, impersonator_id, subject_id from activity_log where subject_id = ${worker.id} order by seq`,
    )
    const both = { actor_id: app.cast.owner.id, impersonator_id: null, subject_id: worker.id }
    expect(rows).toEqual([both, both])
  })
})
