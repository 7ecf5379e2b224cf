import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const app = createTestApp()
const mover = 'mallory@evil.test'
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }

beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** Somebody who holds `users.manage` and what goes with it, and not `passwords.change`. */
async function foreman() {
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions) values
          ('Foreman', 'office', 'company', '{users.view,users.manage,campaigns.manage,automations.manage,settings.manage}'),
          ('Helper', 'office', 'company', '{users.view}') on conflict do nothing`,
  )
  return app.signIn(await app.createUser({ name: 'Fred Foreman', role: 'Foreman' }))
}

const roleId = async (name: string) =>
  (await one(app.db, z.object({ id: z.string() }), sql`select id from roles where name = ${name}`)).id

const state = ({ id }: TestUser) =>
  one(
    app.db,
    z.object({ status: z.string(), email: z.string() }),
    sql`select status, email from users where id = ${id}`,
  )

/** What a holder of `users.manage` can do to somebody. */
type Action = (client: HttpClient, _csrf: string, who: TestUser) => PromiseLike<unknown>
const bulk =
  (action: string): Action =>
  (client, _csrf, { id }) =>
    client.postBare('/fieldworkers/bulk', { _csrf, action, ids: [id], list: 'users' })
const status =
  (to: string): Action =>
  (client, _csrf, { id }) =>
    client.postBare(`/users/${id}/status`, { _csrf, status: to })
const give =
  (role: string): Action =>
  async (client, _csrf, { id }) =>
    client.postBare(`/users/${id}/role`, { _csrf, roleId: await roleId(role) })
const actions: Record<string, Action> = {
  block: status('blocked'),
  activate: status('active'),
  deactivate: status('inactive'),
  'unblock in bulk': bulk('unblock'),
  move: (client, _csrf, who) =>
    client.postBare(`/users/${who.id}/details`, { _csrf, name: who.name, email: mover }),
  rename: (client, _csrf, who) =>
    client.postBare(`/users/${who.id}/details`, { _csrf, name: 'Mallory Mover', email: who.email }),
  invite: (client, _csrf, { id }) => client.postBare(`/users/${id}/invitation`, { _csrf }),
  reset: (client, _csrf, { id }) => client.postBare(`/users/${id}/password-reset`, { _csrf }),
  'set a password': (client, _csrf, { id }) => client.postBare(`/users/${id}/password`, { _csrf, ...choice }),
  'make a helper': give('Helper'),
  'make a fieldworker': give('Fieldworker'),
  campaign: bulk('campaign'),
}

/** Accounts that once had a password. */
const withdrawn = sql`password_hash = null, credential_version = credential_version + 1`
const starts = {
  'with a password': sql`name = name`,
  'whose password was taken out of use': withdrawn,
}

describe('an account that once had a password', () => {
  test('is not taken over by a block, an unblock and another address after “It was not me” (fault 5)', async () => {
    const who = await app.createUser({ name: 'Vera Victim', role: 'Fieldworker' })
    const victim = await app.signIn(who)
    await victim.post('/account/email', { email: 'vera.new@firm.test', password })
    await app.runJobs()
    const [notice] = await app.emailsTo(who)
    const path = new URL(notice?.link ?? '').pathname
    await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)

    const office = await foreman()
    const place = `/users/${who.id}`
    for (const to of ['blocked', 'active'])
      expect((await office.post(`${place}/status`, { status: to }, '/fieldworkers')).status).toBe(303)
    expect(await state(who)).toEqual({ status: 'active', email: who.email })
    expect(textOf((await office.get('/fieldworkers')).text)).toContain(
      'Vera has no valid password at the moment: send a reset link.',
    )
    const moved = await office.post(`${place}/details`, { name: who.name, email: mover })
    expect([moved.status, textOf(moved.text)]).toEqual([
      422,
      expect.stringContaining('your role, Foreman, may not change passwords'),
    ])
    expect((await office.post(`${place}/invitation`, {}, '/fieldworkers')).status).toBe(403)
    await app.runJobs()
    expect(await app.emailsTo({ ...who, email: mover })).toEqual([])

    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    const [reset] = await app.emailsTo(who)
    const own = app.client()
    await own.get(new URL(reset?.link ?? '').pathname)
    expect((await own.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    await app.signIn(who, false, newPassword)
  })

  // All chains: from each state that was reached, every action once more, until no new state comes up.
  test.each(Object.entries(starts))(
    '%s is not taken over by any chain of what users.manage allows (fault 5)',
    { timeout: 60_000 },
    async (_, start) => {
      const office = await foreman()
      const _csrf = await office.token('/account')
      const known = new Set<string>()
      const open: string[][] = [[]]
      let longest = 0
      for (let chain = open.pop(); chain; chain = open.pop()) {
        const who = await app.createUser({ name: 'Vera Victim', role: 'Fieldworker' })
        await run(app.db, sql`update users set ${start} where id = ${who.id}`)
        for (const name of chain) await actions[name]?.(office, _csrf, who)
        const { email, ...now } = await one(
          app.db,
          z.object({ email: z.string(), status: z.string(), role: z.string() }),
          sql`select u.email, u.status, r.name as role from users u join roles r on r.id = u.role_id where u.id = ${who.id}`,
        )
        expect([chain, email]).toEqual([chain, who.email])
        expect([chain, now.status]).not.toEqual([chain, 'invited'])
        const reached = JSON.stringify(now)
        if (known.has(reached)) continue
        known.add(reached)
        longest = Math.max(longest, chain.length)
        for (const next of Object.keys(actions)) open.push([...chain, next])
      }
      expect([known.size, longest > 1]).toEqual([6, true]) // active, inactive or blocked, in two roles
      await app.client().post('/forgot-password', { email: mover })
      await app.runJobs()
      const sent = sql`select to_address as email from emails where to_address = ${mover}
                       union all select email_at_issue from links where email_at_issue = ${mover}`
      expect(await many(app.db, z.object({ email: z.string() }), sent)).toEqual([])
    },
  )

  test('is never made invited again, whatever asks for it (fault 5)', async () => {
    for (const start of Object.values(starts)) {
      const who = await app.createUser({ name: 'Vera Victim', role: 'Fieldworker' })
      await run(app.db, sql`update users set ${start} where id = ${who.id}`)
      const again = run(app.db, sql`update users set status = 'invited' where id = ${who.id}`)
      await expect(again).rejects.toThrow('An account that was in use is not invited again')
    }
  })

  test('and has none now gets one from the office that may change passwords (fault 5)', async () => {
    const who = await app.createUser({ name: 'Vera Victim', role: 'Fieldworker' })
    await run(app.db, sql`update users set ${withdrawn} where id = ${who.id}`)
    const admin = await app.as('admin')
    expect((await admin.post(`/users/${who.id}/password`, choice)).status).toBe(303)
    await app.signIn(who, false, newPassword)
  })
})

test('who was invited and never chose a password is invited again after a block, and may be moved (fault 5)', async () => {
  const office = await foreman()
  await office.post('/fieldworkers/new', { name: 'Nia New', email: 'nia.new@firm.test' })
  const who = await one(
    app.db,
    z.object({ id: z.string(), name: z.string(), email: z.string() }),
    sql`select id, name, email from users where email = 'nia.new@firm.test'`,
  )
  for (const to of ['blocked', 'active'])
    await office.post(`/users/${who.id}/status`, { status: to }, '/fieldworkers')
  expect((await state(who)).status).toBe('invited')
  const moved = { name: who.name, email: 'nia.right@firm.test' }
  expect((await office.post(`/users/${who.id}/details`, moved)).status).toBe(303)
  await app.runJobs()
  expect(await app.emailsTo({ ...who, email: moved.email })).toHaveLength(1)
})
