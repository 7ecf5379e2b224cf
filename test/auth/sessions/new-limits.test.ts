import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Permission } from '../../../src/access/permissions.ts'
import { one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { inFlight } from '../../support/in-flight.ts'
import { lockRows, untilWaiting } from '../../support/locks.ts'
import { activityFor, endedImpersonations, type TestUser } from '../../support/people.ts'
import { customRole, list, roleId, teamId } from '../../support/roles.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const reason = 'Cannot find the job sheet'
const asItIs = {
  ...{ passwordMinLength: '12', lastingPasswordsAllowed: '1', temporaryPasswordHours: '24' },
  ...{ sessionIdleMinutes: '60', sessionHours: '12', rememberDays: '30', contextWords: '' },
}

let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
})
afterEach(() =>
  run(app.db, sql`update company set session_idle_minutes = 60, session_hours = 12, remember_days = 30`),
)

const opens = async (cookie: string) =>
  (await app.client().get('/account').set('Cookie', cookie)).status === 200
const ended = (who: TestUser) => activityFor(app.db, who, 'sessions_ended')
const stepOuts = (who: TestUser) => endedImpersonations(app.db, who)

/** A session that began and was last used so long ago. */
const age = (who: TestUser, interval: string) =>
  run(
    app.db,
    sql`update sessions set started_at = started_at - ${interval}::interval, ends_at = ends_at - ${interval}::interval,
          last_seen_at = last_seen_at - ${interval}::interval where user_id = ${who.id}`,
  )

async function done(answer: PromiseLike<{ status: number }>) {
  expect((await answer).status).toBe(303)
}
async function policy(changes: Record<string, string>) {
  const row = await one(app.db, z.object({ v: z.number() }), sql`select policy_version as v from company`)
  await done(owner.post('/settings/company/security', { ...asItIs, version: String(row.v), ...changes }))
}
const give = async (who: TestUser, role: string, more: Record<string, string> = {}) =>
  done(
    owner.post(`/users/${who.id}/role`, { roleId: await roleId(app.db, role), ...more }, '/account/password'),
  )
async function shape(name: string, permissions: Permission[], scope = 'company') {
  const id = await roleId(app.db, name)
  const row = await one(
    app.db,
    z.object({ v: z.number() }),
    sql`select version as v from roles where id = ${id}`,
  )
  const version = String(row.v)
  await done(owner.post(`${list}/${id}`, { name, scope, permissions, version }, '/account/password'))
}
const status = async (who: TestUser, to: string) =>
  done(owner.post(`/users/${who.id}/status`, { status: to }, '/account/password'))

interface Change {
  role?: string
  age: string
  remember?: boolean
  there: (who: TestUser) => Promise<unknown>
  back: (who: TestUser) => Promise<unknown>
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
      await run(app.db, sql`update sessions set last_seen_at = now() where user_id = ${who.id}`)
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

describe('an ended session is not revived when the change is reverted, even without a request in between:', () => {
  beforeAll(() => customRole(app.db, 'Bare', []))

  test.each(Object.keys(changes))('%s (fault 3)', async (name) => {
    const change = changes[name] as Change
    const who = await app.createUser({ name: 'Remi Remembered', role: change.role ?? 'Fieldworker' })
    const cookie = (await app.signIn(who, change.remember)).sessionCookie()
    await age(who, change.age)
    expect(await opens(cookie)).toBe(true)
    await run(
      app.db,
      sql`update sessions set last_seen_at = now() - ${change.age}::interval where user_id = ${who.id}`,
    )
    await change.there(who)
    expect(await ended(who)).toMatchObject(
      change.told ? [{ actor_id: app.cast.owner.id, details: { count: 1 } }] : [],
    )
    await change.back(who)
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toHaveLength(change.told ? 1 : 0)
  })

  test('it ended by the role that is taken away (fault 3)', async () => {
    const who = await app.createUser({ name: 'Remi Remembered', role: 'Fieldworker' })
    const cookie = (await app.signIn(who, true)).sessionCookie()
    await age(who, '1 hour')
    await give(who, 'Auditor')
    await age(who, '12 hours')
    await give(who, 'Fieldworker')
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toEqual([])
  })

  test('it ended by the permissions that a role loses (fault 3)', async () => {
    await customRole(app.db, 'Bare too', [])
    const who = await app.createUser({ name: 'Remi Remembered', role: 'Bare too' })
    const cookie = (await app.signIn(who, true)).sessionCookie()
    await age(who, '1 hour')
    await shape('Bare too', ['activity.view'])
    await age(who, '12 hours')
    await shape('Bare too', [])
    expect(await opens(cookie)).toBe(false)
    expect(await ended(who)).toEqual([])
  })

  test('another request held it when the limits changed (fault 3)', async () => {
    const who = await app.createUser({ name: 'Remi Remembered', role: 'Fieldworker' })
    const cookie = (await app.signIn(who, true)).sessionCookie()
    await age(who, '13 hours')
    const lock = await lockRows(app.db, sql`select from sessions where user_id = ${who.id} for update`)
    const promoting = give(who, 'Auditor')
    await untilWaiting(app.db)
    await lock.release()
    await promoting
    await give(who, 'Fieldworker')
    expect(await opens(cookie)).toBe(false)
  })

  test('and the sessions of others continue (fault 3)', async () => {
    const [who, other] = [
      await app.createUser({ name: 'Remi Remembered', role: 'Fieldworker' }),
      await app.createUser({ name: 'Ora Other', role: 'Fieldworker' }),
    ]
    const cookie = (await app.signIn(other, true)).sessionCookie()
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
  await customRole(app.db, name, leading)
  await customRole(app.db, held, ['users.view'])
  const lead = await app.createUser({ name: 'Lea Lead', role: name, team: 'North' })
  const target = await app.createUser({ name: 'Tea Target', role: targetRole ?? held, team: 'North' })
  const client = await app.signIn(lead)
  await done(client.post(`/users/${target.id}/impersonation`, { reason }))
  expect(textOf((await client.get('/account')).text)).toContain('Tea Target, Acme Field')
  return { name, held, lead, target, visitor: client }
}
type Work = Awaited<ReturnType<typeof atWork>>
const place = async (who: TestUser, team: string) =>
  done(
    owner.post(
      `/users/${who.id}/details`,
      { name: who.name, email: who.email, teamId: await teamId(app.db, team) },
      '/account/password',
    ),
  )

const barred = 'Lea Lead can no longer log in as Tea Target'
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

describe('an impersonation that is no longer allowed ends, and is not revived when the change is reverted:', () => {
  test.each(Object.keys(works))('%s (fault 3)', async (name) => {
    const work = await atWork()
    const { there, back, why } = works[name] as (typeof works)[string]
    await there(work)
    expect(await stepOuts(work.target)).toMatchObject([{ actor_id: work.lead.id, why: why ?? barred }])
    await back(work)
    const page = textOf((await work.visitor.get('/account')).text)
    expect(page).toContain('Lea Lead, Acme Field')
    expect(page).toContain('You can no longer log in as Tea Target')
    expect(await stepOuts(work.target)).toHaveLength(1)
  })

  test.each(['lead', 'target'] as const)(
    'the team of the %s is changed by Edit details (fault 3)',
    async (who) => {
      const work = await atWork('Fieldworker')
      await shape(work.name, leading, 'team')
      expect(textOf((await work.visitor.get('/account')).text)).toContain('Tea Target, Acme Field')
      await place(work[who], 'Harbour')
      expect(await stepOuts(work.target)).toMatchObject([{ why: barred }])
      await place(work[who], 'North')
      expect(textOf((await work.visitor.get('/account')).text)).toContain('Lea Lead, Acme Field')
    },
  )

  test('the session that it started in is ended by the limits of the company (fault 3)', async () => {
    const work = await atWork()
    await age(work.lead, '11 minutes')
    await policy({ sessionIdleMinutes: '10' })
    expect(await stepOuts(work.target)).toMatchObject([{ why: 'Lea Lead was signed out' }])
    await policy({ sessionIdleMinutes: '60' })
    expect((await work.visitor.get('/account')).status).toBe(303)
  })

  test('it continues if a role changes and still suffices (fault 3)', async () => {
    const work = await atWork()
    await shape(work.name, [...leading, 'activity.view'])
    expect(await stepOuts(work.target)).toEqual([])
    expect(textOf((await work.visitor.get('/account')).text)).toContain('Tea Target, Acme Field')
  })
})

describe('while an impersonation starts', () => {
  async function lead() {
    const who = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
    const target = await app.createUser({ name: 'Wim Worker', role: 'Fieldworker' })
    return { who, target, visitor: await app.signIn(who) }
  }

  test('the role of the account is locked, so it cannot start beyond it (fault 3)', async () => {
    const held = await customRole(app.db, 'Held meanwhile', ['users.view'])
    const { visitor: client } = await lead()
    const target = await app.createUser({ name: 'Tea Target', role: 'Held meanwhile' })
    const { answer, waited } = await inFlight(
      app.db,
      sql`select from roles where id = ${held} for no key update`,
      () => client.post(`/users/${target.id}/impersonation`, { reason }),
      (tx) => run(tx, sql`update roles set permissions = ${['roles.manage']} where id = ${held}`),
    )
    expect([waited, answer.status]).toEqual([true, 403])
    expect(await activityFor(app.db, target, 'impersonation_started')).toEqual([])
  })

  test('another that started at the same moment gives a proper message, not an internal error (fault 3)', async () => {
    const { who, target, visitor: client } = await lead()
    const another = await app.createUser({ name: 'Ann Other', role: 'Fieldworker' })
    const _csrf = await client.token('/account')
    const other = await lockRows(
      app.db,
      sql`insert into impersonations (session_id, impersonator_id, user_id, reason, impersonator_credential_version, user_credential_version, ends_at)
          select s.id, ${who.id}, ${another.id}, ${reason}, 0, 0, now() + interval '1 hour'
          from sessions s where s.user_id = ${who.id}`,
    )
    const begin = client
      .postBare(`/users/${target.id}/impersonation`, { _csrf, reason })
      .then((answer) => answer)
    await untilWaiting(app.db)
    await other.release()
    const answer = await begin
    expect(answer.status).toBe(409)
    expect(textOf(answer.text)).toContain('Nothing was changed')
    expect(await activityFor(app.db, target, 'impersonation_started')).toEqual([])
  })

  test('a form sent before is not carried out once it has ended unnoticed (fault 3)', async () => {
    const { who, target, visitor: client } = await lead()
    const _csrf = await client.token('/account')
    const begun = sql`insert into impersonations
      (session_id, impersonator_id, user_id, reason, impersonator_credential_version, user_credential_version, started_at, ends_at)
      select s.id, ${who.id}, ${target.id}, ${reason}, 0, 0, now() - interval '2 hours', now() - interval '1 hour'
      from sessions s where s.user_id = ${who.id}`
    for (const [path, fields] of [
      [`/users/${target.id}/impersonation`, { reason }],
      [`/users/${target.id}/status`, { status: 'blocked' }],
    ] as const) {
      const { answer, waited } = await inFlight(
        app.db,
        sql`select from users where id = ${who.id} for no key update`,
        () => client.postBare(path, { _csrf, ...fields }),
        async (tx) => {
          await run(tx, sql`delete from impersonations where impersonator_id = ${who.id}`)
          await run(tx, begun)
        },
      )
      expect([waited, answer.status]).toEqual([true, 403])
      await run(app.db, sql`delete from impersonations where impersonator_id = ${who.id}`)
    }
    expect(await activityFor(app.db, target, 'impersonation_started')).toEqual([])
    expect(await activityFor(app.db, target, 'user_blocked')).toEqual([])
  })

  test('twenty concurrent starts, returns and sign-outs give no internal error (fault 3)', async () => {
    const { target, visitor: client } = await lead()
    const [cookie, _csrf] = [client.sessionCookie(), await client.token('/account')]
    const paths = [`/users/${target.id}/impersonation`, '/impersonation/end', '/sign-out', '/account']
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        app
          .client()
          .postBare(paths[i % 4] ?? '', { _csrf, reason })
          .set('Cookie', cookie)
          .then(({ status }) => status),
      ),
    )
    expect(statuses.filter((code) => code >= 500)).toEqual([])
  })
})
