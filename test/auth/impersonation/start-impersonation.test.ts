import { describe, expect, test, vi } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, password, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const reason = 'Cannot find Tuesday’s job sheet'
const route = ({ id }: TestUser) => `/users/${id}/impersonation`
const fieldworker = (traits: object = {}) =>
  app.createUser({ name: 'Wim Worker', role: 'Fieldworker', team: 'North', ...traits })
const whoIs = async (client: HttpClient) => textOf((await client.get('/account')).text)
const started = (who: TestUser) => activityFor(app.db, who, 'impersonation_started')

/** A role of the company's own, for what the built-in ones do not hold. */
async function role(name: string, scope: string, permissions: string[]) {
  const kind = permissions.length > 0 ? 'office' : 'fieldworker'
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions) values (${name}, ${kind}, ${scope}, ${permissions}) on conflict do nothing`,
  )
  return name
}

describe('Login as this user', () => {
  test('asks for a reason, then shows the account as its owner sees it, under the banner', async () => {
    const worker = await fieldworker()
    const admin = await app.as('admin')
    const asked = await admin.get(route(worker))
    expect(asked.status).toBe(200)
    expect(textOf(asked.text)).toContain('Wim sees it under Activity')

    const answer = await admin.post(route(worker), { reason: `  ${reason.replace(' ', '\n ')} ` })
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    expect((await admin.get('/')).headers.location).toBe('/account')
    const account = await whoIs(admin)
    expect(account).toContain('My account Wim Worker, Acme Field')
    expect(account).toMatch(
      /You are working as Wim Worker. Begun by Dana Admin at \d\d:\d\d. Reason: “Cannot find Tuesday’s job sheet”. Ends by itself at \d\d:\d\d, in 60 minutes./,
    )
    expect(await started(worker)).toMatchObject([
      { actor_id: app.cast.admin.id, details: { reason, ends_at: expect.any(String) } },
    ])
  })

  test('leads a mobile browser to the pages under /m', async () => {
    const worker = await fieldworker()
    const admin = app.client('Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0.0.0 Mobile Safari/537.36')
    await admin.signIn(app.cast.admin.email, password)
    await admin.post(route(worker), { reason })
    expect((await admin.get('/')).headers.location).toBe('/m')
    expect(textOf((await admin.get('/m')).text)).toContain('You are working as Wim Worker')
  })

  test.each([
    ['nothing', '', 'Say why in a few words'],
    ['one word', 'Support', 'Say why in a few words'],
    ['blanks', '         ', 'Say why in a few words'],
    ['two characters', 'a b', 'Say why in a few words'],
    ['a NUL byte', 'can not find it\0', 'This contains a character that cannot be typed'],
    ['a novel', 'word '.repeat(61), 'Use at most 300 characters; this has 304.'],
    ['one word as long as a novel', 'a'.repeat(600), 'Use at most 300 characters; this has 600.'],
  ])(
    'with %s for a reason answers 422 with an error at the field, and starts nothing',
    async (_, typed, beside) => {
      const worker = await fieldworker()
      const admin = await app.as('admin')
      const answer = await admin.post(route(worker), { reason: typed })
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(
        /<textarea[^>]*aria-describedby="reason-error reason-hint" aria-invalid="true"/,
      )
      expect(textOf(/id="reason-error"[^>]*>.*?<\/p>/s.exec(answer.text)?.[0] ?? '')).toContain(beside)
      expect(await whoIs(admin)).toContain('Dana Admin, Acme Field')
      expect(await started(worker)).toEqual([])
    },
  )

  test('keeps what was entered, as text and never as markup', async () => {
    const admin = await app.as('admin')
    const { text } = await admin.post(route(await fieldworker()), { reason: `<b>${'long '.repeat(70)}` })
    expect(text).toContain('&lt;b&gt;long long')
    const worker = await fieldworker()
    await admin.post(route(worker), { reason: '"><img src=x onerror=alert(1)> please' })
    expect((await admin.get('/account')).text).toContain(
      '“&#34;&gt;&lt;img src=x onerror=alert(1)&gt; please”',
    )
  })

  test('asks for the password if it was entered half an hour ago, and comes back', async () => {
    const [worker, admin] = [await fieldworker(), await app.as('admin')]
    const _csrf = await admin.token(route(worker))
    await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
    const next = `/confirm-password?next=${encodeURIComponent(route(worker))}`
    expect((await admin.get(route(worker))).headers.location).toBe(next)
    expect((await admin.postBare(route(worker), { _csrf, reason })).headers.location).toBe(next)
    expect((await admin.post('/confirm-password', { password, next: route(worker) })).headers.location).toBe(
      route(worker),
    )
    expect((await admin.post(route(worker), { reason })).status).toBe(303)
  })

  test('gives the browser a new session cookie, and the old one is not valid', async () => {
    const [worker, admin] = [await fieldworker(), await app.as('admin')]
    await admin.get(route(worker))
    const before = admin.sessionCookie()
    await admin.post(route(worker), { reason })
    expect(admin.sessionCookie()).not.toBe(before)
    expect((await app.client().get('/account').set('Cookie', before)).status).toBe(303)
  })
})

describe('it is denied with a reason, the form and a direct POST alike, and nothing starts', () => {
  async function refuses(client: HttpClient, who: TestUser, ...said: string[]) {
    const _csrf = await client.token('/account')
    for (const answer of [
      await client.get(route(who)),
      await client.postBare(route(who), { _csrf, reason }),
    ]) {
      expect(answer.status).toBe(403)
      for (const each of said) expect(textOf(answer.text)).toContain(each)
    }
    expect((await started(who)).filter(({ details }) => details.reason === reason)).toEqual([])
  }

  test('during another impersonation', async () => {
    const [first, second] = [await fieldworker(), await fieldworker({ name: 'Second Worker' })]
    const owner = await app.as('owner')
    await owner.post(route(first), { reason: 'the first of the two' })
    await refuses(
      owner,
      second,
      'This isn’t available while you’re logged in as Wim Worker',
      'Return to my account',
    )
    const deputy = await app.createUser({ name: 'Dep Admin', role: 'Admin' })
    const nested = await app.as('owner')
    await nested.post(route(deputy), { reason: 'the first of the two' })
    expect(await whoIs(nested)).toContain('Dep Admin, Acme Field')
    await refuses(nested, second, 'This isn’t available while you’re logged in as Dep Admin')
  })

  test('of a person with more permissions', async () => {
    await refuses(
      await app.as('admin'),
      app.cast.owner,
      'You can’t log in as Olivia Owner',
      'permissions that your role',
    )
  })

  test('of a person outside one’s team, and of one whose role has a wider scope', async () => {
    const lead = await app.createUser({
      name: 'Lea Lead',
      role: await role('Team lead', 'team', ['users.view', 'users.impersonate', 'activity.view']),
      team: 'North',
    })
    const client = await app.signIn(lead)
    await refuses(client, app.cast.otto, 'this person', 'covers the team North')
    const clerk = await app.createUser({
      name: 'Cleo Clerk',
      role: await role('Clerk', 'company', ['users.view']),
      team: 'North',
    })
    await refuses(client, clerk, 'You can’t log in as Cleo Clerk', 'permissions that your role')
    expect((await client.post(route(app.cast.sam), { reason })).status).toBe(303)
  })

  test.each(['blocked', 'inactive', 'invited'])('of a person who is %s', async (status) => {
    const admin = await app.as('admin')
    await refuses(admin, await fieldworker({ status }), 'right now', `The account is ${status}`)
  })

  test('of a person with a temporary password, which opens nothing', async () => {
    const worker = await fieldworker()
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${worker.id}`,
    )
    await refuses(await app.as('admin'), worker, 'Their password is temporary', 'Ask Wim to sign in')
  })

  test('of oneself, and by a person without the permission', async () => {
    await refuses(await app.as('admin'), app.cast.admin, 'This is your own account')
    const worker = await fieldworker()
    for (const who of ['dispatcher', 'auditor', 'sam'] as const)
      await refuses(await app.as(who), worker, 'does not include it')
  })
})

describe('it is offered only where it is allowed', () => {
  const offered = async (client: HttpClient, address: string, who: TestUser) =>
    (await client.get(address)).text.includes(`${route(who)}?returnTo=${encodeURIComponent(address)}`)

  test('in the list, on the profile and among the users', async () => {
    const worker = await fieldworker({ name: 'Offa Offered' })
    const admin = await app.as('admin')
    for (const place of [
      '/fieldworkers?q=offa',
      `/fieldworkers/${worker.id}`,
      '/settings/company/users?q=offa',
    ])
      expect([place, await offered(admin, place, worker)]).toEqual([place, true])
    expect(await offered(await app.as('dispatcher'), '/fieldworkers?q=offa', worker)).toBe(false)
  })

  test('not for people with more permissions, inactive ones, those with a temporary password, or oneself', async () => {
    const temporary = await fieldworker()
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${temporary.id}`,
    )
    const admin = await app.as('admin')
    const { owner, admin: dana } = app.cast
    for (const who of [owner, dana, temporary, await fieldworker({ status: 'blocked' })])
      expect(await offered(admin, `/fieldworkers/${who.id}`, who)).toBe(false)
  })
})

describe('of two concurrent requests', () => {
  test('in one browser one starts, and the other gets an error', async () => {
    const [one, two] = [await fieldworker(), await fieldworker({ name: 'Other Worker' })]
    const admin = await app.as('admin')
    const _csrf = await admin.token(route(one))
    const statuses = (
      await Promise.all([one, two].map((who) => admin.postBare(route(who), { _csrf, reason })))
    ).map(({ status }) => status)
    expect(statuses.sort()).toEqual([303, 403])
    expect([...(await started(one)), ...(await started(two))]).toHaveLength(1)
  })

  test('in two browsers of one admin each has its own, and a third browser has none', async () => {
    const worker = await fieldworker()
    const [one, two, third] = [await app.as('admin'), await app.as('admin'), await app.as('admin')]
    const answers = await Promise.all([one, two].map((admin) => admin.post(route(worker), { reason })))
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    for (const admin of [one, two]) expect(await whoIs(admin)).toContain('Wim Worker, Acme Field')
    expect(await whoIs(third)).toContain('Dana Admin, Acme Field')
    await one.post('/impersonation/end', {}, '/account')
    expect(await whoIs(one)).toContain('Dana Admin, Acme Field')
    expect(await whoIs(two)).toContain('Wim Worker, Acme Field')
  })

  test.each([
    ['the admin is demoted', 'admin', `role_id = (select id from roles where name = 'Auditor')`],
    ['the account is blocked', 'worker', `status = 'blocked'`],
    ['the account is given more', 'worker', `role_id = (select id from roles where name = 'Owner')`],
  ])('if %s meanwhile it does not start', async (_, who, change) => {
    const people = {
      admin: await app.createUser({ name: 'Falk Falling', role: 'Admin' }),
      worker: await fieldworker(),
    }
    const client = await app.signIn(people.admin)
    const colleague = await app.db.pool.connect()
    await colleague.query('begin')
    await colleague.query(`update users set ${change} where id = $1`, [people[who as keyof typeof people].id])
    const beginning = client.post(route(people.worker), { reason }).then(({ status }) => status)
    await vi.waitFor(async () => {
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      expect((await app.db.query(waiting)).rows).toHaveLength(1)
    }, 10_000)
    await colleague.query('commit')
    colleague.release()
    expect(await beginning).toBe(403)
    expect(await started(people.worker)).toEqual([])
  })
})
