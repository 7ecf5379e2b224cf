import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { password, type Somebody } from '../support/people.ts'
import { Visitor, words } from '../support/visitor.ts'

const house = testHouse()
const mover = 'mallory@evil.test'
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }

beforeEach(() => run(house.db, sql`delete from rate_limits`))

/** Somebody who holds `users.manage` and what goes with it, and not `passwords.change`. */
async function foreman() {
  await run(
    house.db,
    sql`insert into roles (name, kind, scope, permissions) values
          ('Foreman', 'office', 'company', '{users.view,users.manage,campaigns.manage,automations.manage,settings.manage}'),
          ('Helper', 'office', 'company', '{users.view}') on conflict do nothing`,
  )
  return house.signIn(await house.add({ name: 'Fred Foreman', role: 'Foreman' }))
}

const roleId = async (name: string) =>
  (await one(house.db, z.object({ id: z.string() }), sql`select id from roles where name = ${name}`)).id

const state = ({ id }: Somebody) =>
  one(
    house.db,
    z.object({ status: z.string(), email: z.string() }),
    sql`select status, email from users where id = ${id}`,
  )

/** What a holder of `users.manage` can do to somebody. */
type Action = (visitor: Visitor, _csrf: string, who: Somebody) => PromiseLike<unknown>
const bulk =
  (action: string): Action =>
  (visitor, _csrf, { id }) =>
    visitor.postBare('/fieldworkers/bulk', { _csrf, action, ids: [id], list: 'users' })
const status =
  (to: string): Action =>
  (visitor, _csrf, { id }) =>
    visitor.postBare(`/users/${id}/status`, { _csrf, status: to })
const give =
  (role: string): Action =>
  async (visitor, _csrf, { id }) =>
    visitor.postBare(`/users/${id}/role`, { _csrf, roleId: await roleId(role) })
const actions: Record<string, Action> = {
  block: status('blocked'),
  activate: status('active'),
  deactivate: status('inactive'),
  'unblock in bulk': bulk('unblock'),
  move: (visitor, _csrf, who) =>
    visitor.postBare(`/users/${who.id}/details`, { _csrf, name: who.name, email: mover }),
  rename: (visitor, _csrf, who) =>
    visitor.postBare(`/users/${who.id}/details`, { _csrf, name: 'Mallory Mover', email: who.email }),
  invite: (visitor, _csrf, { id }) => visitor.postBare(`/users/${id}/invitation`, { _csrf }),
  reset: (visitor, _csrf, { id }) => visitor.postBare(`/users/${id}/password-reset`, { _csrf }),
  'set a password': (visitor, _csrf, { id }) =>
    visitor.postBare(`/users/${id}/password`, { _csrf, ...choice }),
  'make a helper': give('Helper'),
  'make a fieldworker': give('Fieldworker'),
  campaign: bulk('campaign'),
}

/** Accounts that once had a password. */
const withdrawn = sql`password_hash = null, auth_epoch = auth_epoch + 1`
const starts = {
  'with a password': sql`name = name`,
  'whose password was taken out of use': withdrawn,
}

describe('an account that once had a password', () => {
  test('is not taken over by a block, an unblock and another address after “It was not me” (fault 5)', async () => {
    const who = await house.add({ name: 'Vera Victim', role: 'Fieldworker' })
    const victim = await house.signIn(who)
    await victim.post('/account/email', { email: 'vera.new@firm.test', password })
    await house.work()
    const [notice] = await house.lettersTo(who)
    const path = new URL(notice?.link ?? '').pathname
    await house.visitor().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)

    const office = await foreman()
    const place = `/users/${who.id}`
    for (const to of ['blocked', 'active'])
      expect((await office.post(`${place}/status`, { status: to }, '/fieldworkers')).status).toBe(303)
    expect(await state(who)).toEqual({ status: 'active', email: who.email })
    expect(words((await office.get('/fieldworkers')).text)).toContain(
      'Vera has no password at the moment, since theirs was taken out of use: send a reset link.',
    )
    const moved = await office.post(`${place}/details`, { name: who.name, email: mover })
    expect([moved.status, words(moved.text)]).toEqual([
      422,
      expect.stringContaining('your role, Foreman, may not change passwords'),
    ])
    expect((await office.post(`${place}/invitation`, {}, '/fieldworkers')).status).toBe(403)
    await house.work()
    expect(await house.lettersTo({ ...who, email: mover })).toEqual([])

    await house.visitor().post('/forgot-password', { email: who.email })
    await house.work()
    const [reset] = await house.lettersTo(who)
    const own = house.visitor()
    await own.get(new URL(reset?.link ?? '').pathname)
    expect((await own.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    await house.signIn(who, false, newPassword)
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
        const who = await house.add({ name: 'Vera Victim', role: 'Fieldworker' })
        await run(house.db, sql`update users set ${start} where id = ${who.id}`)
        for (const name of chain) await actions[name]?.(office, _csrf, who)
        const { email, ...now } = await one(
          house.db,
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
      await house.visitor().post('/forgot-password', { email: mover })
      await house.work()
      const sent = sql`select to_address as email from letters where to_address = ${mover}
                       union all select email_at_issue from links where email_at_issue = ${mover}`
      expect(await many(house.db, z.object({ email: z.string() }), sent)).toEqual([])
    },
  )

  test('is never made invited again, whatever asks for it (fault 5)', async () => {
    for (const start of Object.values(starts)) {
      const who = await house.add({ name: 'Vera Victim', role: 'Fieldworker' })
      await run(house.db, sql`update users set ${start} where id = ${who.id}`)
      const again = run(house.db, sql`update users set status = 'invited' where id = ${who.id}`)
      await expect(again).rejects.toThrow('An account that was in use is not invited again')
    }
  })

  test('and has none now gets one from the office that may change passwords (fault 5)', async () => {
    const who = await house.add({ name: 'Vera Victim', role: 'Fieldworker' })
    await run(house.db, sql`update users set ${withdrawn} where id = ${who.id}`)
    const admin = await house.as('admin')
    expect((await admin.post(`/users/${who.id}/password`, choice)).status).toBe(303)
    await house.signIn(who, false, newPassword)
  })
})

test('who was invited and never chose a password is invited again after a block, and may be moved (fault 5)', async () => {
  const office = await foreman()
  await office.post('/fieldworkers/new', { name: 'Nia New', email: 'nia.new@firm.test' })
  const who = await one(
    house.db,
    z.object({ id: z.string(), name: z.string(), email: z.string() }),
    sql`select id, name, email from users where email = 'nia.new@firm.test'`,
  )
  for (const to of ['blocked', 'active'])
    await office.post(`/users/${who.id}/status`, { status: to }, '/fieldworkers')
  expect((await state(who)).status).toBe('invited')
  const moved = { name: who.name, email: 'nia.right@firm.test' }
  expect((await office.post(`/users/${who.id}/details`, moved)).status).toBe(303)
  await house.work()
  expect(await house.lettersTo({ ...who, email: moved.email })).toHaveLength(1)
})
