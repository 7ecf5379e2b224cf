import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Permission } from '../../src/access/permissions.ts'
import { one, run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { inFlight } from '../support/in-flight.ts'
import { lockRows, untilWaiting } from '../support/locks.ts'
import { logged, type Somebody } from '../support/people.ts'
import { customRole, list, roleId, teamId } from '../support/roles.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
const reason = 'Cannot find the job sheet'
const asItIs = {
  ...{ passwordMinLength: '12', lastingPasswordsAllowed: '1', temporaryPasswordHours: '24' },
  ...{ sessionIdleMinutes: '60', sessionHours: '12', rememberDays: '30', contextWords: '' },
}

let owner: Visitor
beforeAll(async () => {
  owner = await house.as('owner')
})
afterEach(() =>
  run(house.db, sql`update company set session_idle_minutes = 60, session_hours = 12, remember_days = 30`),
)

const opens = async (cookie: string) =>
  (await house.visitor().get('/account').set('Cookie', cookie)).status === 200
const ended = (who: Somebody) => logged(house.db, who, 'sessions_ended')
const stepOuts = (who: Somebody) => logged(house.db, who, 'impersonation_ended')

/** A session that began and was last used so long ago. */
const age = (who: Somebody, interval: string) =>
  run(
    house.db,
    sql`update sessions set started_at = started_at - ${interval}::interval, ends_at = ends_at - ${interval}::interval,
          last_seen_at = last_seen_at - ${interval}::interval where user_id = ${who.id}`,
  )

async function done(answer: PromiseLike<{ status: number }>) {
  expect((await answer).status).toBe(303)
}
async function policy(changes: Record<string, string>) {
  const row = await one(house.db, z.object({ v: z.number() }), sql`select policy_version as v from company`)
  await done(owner.post('/settings/company/security', { ...asItIs, version: String(row.v), ...changes }))
}
const give = async (who: Somebody, role: string, more: Record<string, string> = {}) =>
  done(
    owner.post(
      `/users/${who.id}/role`,
      { roleId: await roleId(house.db, role), ...more },
      '/account/password',
    ),
  )
async function shape(name: string, permissions: Permission[], scope = 'company') {
  const id = await roleId(house.db, name)
  const row = await one(
    house.db,
    z.object({ v: z.number() }),
    sql`select version as v from roles where id = ${id}`,
  )
  const version = String(row.v)
  await done(owner.post(`${list}/${id}`, { name, scope, permissions, version }, '/account/password'))
}
const status = async (who: Somebody, to: string) =>
  done(owner.post(`/users/${who.id}/status`, { status: to }, '/account/password'))

interface Change {
  role?: string
  age: string
  remember?: boolean
  there: (who: Somebody) => Promise<unknown>
  back: (who: Somebody) => Promise<unknown>
  /** Whether the first of both ended a session that was not over. */
  told?: boolean
}
const changes: Record<string, Change> = {
  'a person is given a role with permissions': {
    ...{ age: '13 hours', remember: true, told: true },
    there: (who) => give(who, 'Auditor'),
    back: (who) => give(who, 'Fieldworker'),
  },
  'a role is given permissions': {
    ...{ role: 'Bare', age: '13 hours', remember: true, told: true },
    there: () => shape('Bare', ['activity.view']),
    back: () => shape('Bare', []),
  },
  'the company shortens its hours': {
    ...{ age: '30 minutes', role: 'Auditor' },
    there: async (who) => {
      await age(who, '2 hours')
      await run(house.db, sql`update sessions set last_seen_at = now() where user_id = ${who.id}`)
      await policy({ sessionHours: '2' })
    },
    back: () => policy({ sessionHours: '12' }),
    told: true,
  },
  'the company shortens how long it remembers': {
    ...{ age: '8 days', remember: true, told: true },
    there: () => policy({ rememberDays: '7' }),
    back: () => policy({ rememberDays: '30' }),
  },
  'the company shortens how long a session may be idle': {
    ...{ age: '11 minutes', told: true },
    there: () => policy({ sessionIdleMinutes: '10' }),
    back: () => policy({ sessionIdleMinutes: '60' }),
  },
  'a person is deactivated': {
    age: '1 minute',
    there: (who) => status(who, 'inactive'),
    back: (who) => status(who, 'active'),
  },
  'a person is blocked': {
    age: '1 minute',
    there: (who) => status(who, 'blocked'),
    back: (who) => status(who, 'active'),
  },
}

describe('a session that ended is not there again when all is as it was, though nobody looked meanwhile:', () => {
  beforeAll(() => customRole(house.db, 'Bare', []))

  test.each(Object.keys(changes))('%s (fault 3)', async (name) => {
    const change = changes[name] as Change
    const who = await house.add({ name: 'Remi Remembered', role: change.role ?? 'Fieldworker' })
    const cookie = (await house.signIn(who, change.remember)).sessionCookie()
    await age(who, change.age)
    expect(await opens(cookie)).toBe(true)
    await run(
      house.db,
      sql`update sessions set last_seen_at = now() - ${change.age}::interval where user_id = ${who.id}`,
    )
    await change.there(who)
    expect(await ended(who)).toMatchObject(
      change.told ? [{ actor_id: house.cast.owner.id, details: { count: 1 } }] : [],
    )
    await change.back(who)
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toHaveLength(change.told ? 1 : 0)
  })

  test('it was over by the role that is taken away (fault 3)', async () => {
    const who = await house.add({ name: 'Remi Remembered', role: 'Fieldworker' })
    const cookie = (await house.signIn(who, true)).sessionCookie()
    await age(who, '1 hour')
    await give(who, 'Auditor')
    await age(who, '12 hours')
    await give(who, 'Fieldworker')
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toEqual([])
  })

  test('it was over by the permissions that a role loses (fault 3)', async () => {
    await customRole(house.db, 'Bare too', [])
    const who = await house.add({ name: 'Remi Remembered', role: 'Bare too' })
    const cookie = (await house.signIn(who, true)).sessionCookie()
    await age(who, '1 hour')
    await shape('Bare too', ['activity.view'])
    await age(who, '12 hours')
    await shape('Bare too', [])
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toEqual([])
  })

  test('another request held it when the limits changed (fault 3)', async () => {
    const who = await house.add({ name: 'Remi Remembered', role: 'Fieldworker' })
    const cookie = (await house.signIn(who, true)).sessionCookie()
    await age(who, '13 hours')
    const lock = await lockRows(house.db, sql`select from sessions where user_id = ${who.id} for update`)
    const promoting = give(who, 'Auditor')
    await untilWaiting(house.db)
    await lock.release()
    await promoting
    await give(who, 'Fieldworker')
    expect(await opens(cookie)).toBe(false)
  })

  test('and the sessions of others go on (fault 3)', async () => {
    const [who, other] = [
      await house.add({ name: 'Remi Remembered', role: 'Fieldworker' }),
      await house.add({ name: 'Ora Other', role: 'Fieldworker' }),
    ]
    const cookie = (await house.signIn(other, true)).sessionCookie()
    await age(other, '13 hours')
    await give(who, 'Auditor')
    await shape('Bare', ['users.view'])
    expect(await opens(cookie)).toBe(true)
    expect(await ended(other)).toEqual([])
  })
})

const leading: Permission[] = ['users.view', 'users.manage', 'users.impersonate']
let leads = 0

/** A lead of their own, in a role of their own, at work as somebody in a role of their own. */
async function atWork(targetRole?: string) {
  const name = `Lead ${++leads}`
  const held = `Held ${leads}`
  await customRole(house.db, name, leading)
  await customRole(house.db, held, ['users.view'])
  const lead = await house.add({ name: 'Lea Lead', role: name, team: 'North' })
  const target = await house.add({ name: 'Tea Target', role: targetRole ?? held, team: 'North' })
  const visitor = await house.signIn(lead)
  await done(visitor.post(`/users/${target.id}/impersonation`, { reason }))
  expect(words((await visitor.get('/account')).text)).toContain('Tea Target, Acme Field')
  return { name, held, lead, target, visitor }
}
type Work = Awaited<ReturnType<typeof atWork>>
const place = async (who: Somebody, team: string) =>
  done(
    owner.post(
      `/users/${who.id}/details`,
      { name: who.name, email: who.email, teamId: await teamId(house.db, team) },
      '/account/password',
    ),
  )

const barred = 'Lea Lead may no longer work as Tea Target'
const works: Record<
  string,
  { there: (work: Work) => Promise<unknown>; back: (work: Work) => Promise<unknown>; why?: string }
> = {
  'the role of who does it loses the right': {
    there: ({ name }) => shape(name, ['users.view']),
    back: ({ name }) => shape(name, leading),
  },
  'the role of whose account it is gets more': {
    there: ({ held }) => shape(held, ['users.view', 'campaigns.manage']),
    back: ({ held }) => shape(held, ['users.view']),
  },
  'the role of who does it reaches one team, and the account another': {
    async there({ name, target }) {
      await place(target, 'Harbour')
      await shape(name, leading, 'team')
    },
    async back({ name, target }) {
      await shape(name, leading, 'company')
      await place(target, 'North')
    },
  },
  'the account is given another role': {
    there: ({ target }) => give(target, 'Admin'),
    back: ({ target, held }) => give(target, held),
  },
  'who does it is given another role': {
    there: ({ lead }) => give(lead, 'Auditor'),
    back: ({ lead, name }) => give(lead, name),
  },
}

describe('Login as this user that may go on no longer ends, and is not there again when all is as it was:', () => {
  test.each(Object.keys(works))('%s (fault 3)', async (name) => {
    const work = await atWork()
    const { there, back, why } = works[name] as (typeof works)[string]
    await there(work)
    expect(await stepOuts(work.target)).toMatchObject([
      { actor_id: work.lead.id, details: { why: why ?? barred } },
    ])
    await back(work)
    const page = words((await work.visitor.get('/account')).text)
    expect(page).toContain('Lea Lead, Acme Field')
    expect(page).toContain('You may no longer work as Tea Target')
    expect(await stepOuts(work.target)).toHaveLength(1)
  })

  test.each(['lead', 'target'] as const)(
    'the team of the %s is changed by Edit details (fault 3)',
    async (who) => {
      const work = await atWork('Fieldworker')
      await shape(work.name, leading, 'team')
      expect(words((await work.visitor.get('/account')).text)).toContain('Tea Target, Acme Field')
      await place(work[who], 'Harbour')
      expect(await stepOuts(work.target)).toMatchObject([{ details: { why: barred } }])
      await place(work[who], 'North')
      expect(words((await work.visitor.get('/account')).text)).toContain('Lea Lead, Acme Field')
    },
  )

  test('the session that it began in is ended by the limits of the company (fault 3)', async () => {
    const work = await atWork()
    await age(work.lead, '11 minutes')
    await policy({ sessionIdleMinutes: '10' })
    expect(await stepOuts(work.target)).toMatchObject([{ details: { why: 'Lea Lead was signed out' } }])
    await policy({ sessionIdleMinutes: '60' })
    expect((await work.visitor.get('/account')).status).toBe(303)
  })

  test('it goes on where a role changes and still suffices (fault 3)', async () => {
    const work = await atWork()
    await shape(work.name, [...leading, 'activity.view'])
    expect(await stepOuts(work.target)).toEqual([])
    expect(words((await work.visitor.get('/account')).text)).toContain('Tea Target, Acme Field')
  })
})

describe('while working as somebody else begins', () => {
  async function lead() {
    const who = await house.add({ name: 'Ada Admin', role: 'Admin' })
    const target = await house.add({ name: 'Wim Worker', role: 'Fieldworker' })
    return { who, target, visitor: await house.signIn(who) }
  }

  test('the role of the account stays as it is, so it cannot begin beyond it (fault 3)', async () => {
    const held = await customRole(house.db, 'Held meanwhile', ['users.view'])
    const { visitor } = await lead()
    const target = await house.add({ name: 'Tea Target', role: 'Held meanwhile' })
    const { answer, waited } = await inFlight(
      house.db,
      sql`select from roles where id = ${held} for no key update`,
      () => visitor.post(`/users/${target.id}/impersonation`, { reason }),
      (tx) => run(tx, sql`update roles set permissions = ${['roles.manage']} where id = ${held}`),
    )
    expect([waited, answer.status]).toEqual([true, 403])
    expect(await logged(house.db, target, 'impersonation_started')).toEqual([])
  })

  test('another that began at the same moment is told of in words, not as a fault of ours (fault 3)', async () => {
    const { who, target, visitor } = await lead()
    const another = await house.add({ name: 'Ann Other', role: 'Fieldworker' })
    const _csrf = await visitor.token('/account')
    const other = await lockRows(
      house.db,
      sql`insert into impersonations (session_id, impersonator_id, user_id, reason, impersonator_epoch, user_epoch, ends_at)
          select s.id, ${who.id}, ${another.id}, ${reason}, 0, 0, now() + interval '1 hour'
          from sessions s where s.user_id = ${who.id}`,
    )
    const begin = visitor
      .postBare(`/users/${target.id}/impersonation`, { _csrf, reason })
      .then((answer) => answer)
    await untilWaiting(house.db)
    await other.release()
    const answer = await begin
    expect(answer.status).toBe(409)
    expect(words(answer.text)).toContain('Nothing was changed')
    expect(await logged(house.db, target, 'impersonation_started')).toEqual([])
  })

  test('what was sent before is not done once it is over and not yet told (fault 3)', async () => {
    const { who, target, visitor } = await lead()
    const _csrf = await visitor.token('/account')
    const begun = sql`insert into impersonations
      (session_id, impersonator_id, user_id, reason, impersonator_epoch, user_epoch, started_at, ends_at)
      select s.id, ${who.id}, ${target.id}, ${reason}, 0, 0, now() - interval '2 hours', now() - interval '1 hour'
      from sessions s where s.user_id = ${who.id}`
    for (const [path, fields] of [
      [`/users/${target.id}/impersonation`, { reason }],
      [`/users/${target.id}/status`, { status: 'blocked' }],
    ] as const) {
      const { answer, waited } = await inFlight(
        house.db,
        sql`select from users where id = ${who.id} for no key update`,
        () => visitor.postBare(path, { _csrf, ...fields }),
        async (tx) => {
          await run(tx, sql`delete from impersonations where impersonator_id = ${who.id}`)
          await run(tx, begun)
        },
      )
      expect([waited, answer.status]).toEqual([true, 403])
      await run(house.db, sql`delete from impersonations where impersonator_id = ${who.id}`)
    }
    expect(await logged(house.db, target, 'impersonation_started')).toEqual([])
    expect(await logged(house.db, target, 'user_blocked')).toEqual([])
  })

  test('twenty begins, ways back and sign-outs at once give no fault of ours (fault 3)', async () => {
    const { target, visitor } = await lead()
    const [cookie, _csrf] = [visitor.sessionCookie(), await visitor.token('/account')]
    const paths = [`/users/${target.id}/impersonation`, '/impersonation/end', '/sign-out', '/account']
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        house
          .visitor()
          .postBare(paths[i % 4] ?? '', { _csrf, reason })
          .set('Cookie', cookie)
          .then(({ status }) => status),
      ),
    )
    expect(statuses.filter((code) => code >= 500)).toEqual([])
  })
})
