import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { permissions } from '../../src/access/permissions.ts'
import { Db, run, sql, type Sql } from '../../src/platform/db.ts'
import * as made from '../support/made-for-actions.ts'
import { superuserOf } from '../support/database.ts'
import { everything } from '../support/everything.ts'
import { createTestApp } from '../support/test-app.ts'
import { inFlight } from '../support/in-flight.ts'
import { activityFor, password, type TestUser } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import { on } from '../support/automations.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

// What is done by a link, on the way in, while somebody works as another, or by a job in somebody's name: all of it asks
// again, too. Actions of somebody who is signed in are walked in in-flight.test.ts.
const app = createTestApp()
let holder: Db
beforeAll(() => {
  holder = new Db(superuserOf(app.connectionString), { max: 1 })
})
afterAll(() => holder.close())
beforeEach(() => resetRateLimits(app.db))

const row = ({ id }: TestUser) => sql`select from users where id = ${id} for update`
const block = ({ id }: TestUser) => sql`update users set status = 'blocked' where id = ${id}`
const newPassword = 'copper lantern meadow 17'
const twice = { newPassword, confirmPassword: newPassword }

/** Sends it while this row is held, and does the other thing before that is free. Nothing may come of it. */
async function comesToNothing<Answer>(lock: Sql, send: () => PromiseLike<Answer>, meanwhile: Sql) {
  const held = await inFlight(holder, lock, send, async (tx) => {
    await run(tx, meanwhile)
    return everything(tx)
  })
  expect(held.waited).toBe(true)
  return { answer: held.answer, before: held.meanwhile }
}

async function opened(who: TestUser) {
  await app.runJobs()
  const [email] = await app.emailsTo(who)
  const client = app.client()
  const path = new URL(email?.link ?? '').pathname
  return { visitor: client, path, page: (await client.get(path)).headers.location ?? path }
}

describe('a link, while its owner is blocked', () => {
  test.each(['active', 'invited'])('sets no password: %s (fault 7)', async (status) => {
    const who = await app.createUser({ name: 'Lea Link', role: 'Fieldworker', status })
    await app.client().post('/forgot-password', { email: who.email })
    const { visitor: client, page } = await opened(who)
    const _csrf = await client.token(page)
    const send = () => client.postBare(page, { ...twice, _csrf })
    const { answer, before } = await comesToNothing(row(who), send, block(who))
    expect(answer.status).toBe(410)
    expect(await everything(holder)).toEqual(before)
  })

  test('verifies no address (fault 7)', async () => {
    const who = await app.createUser({ name: 'Lea Link', role: 'Fieldworker', verified: false })
    await app.client().post('/forgot-password', { email: who.email })
    const { visitor: client, path } = await opened(who)
    const fields = { token: path.split('/').at(-1) ?? '', _csrf: await client.token(path) }
    const { answer, before } = await comesToNothing(
      row(who),
      () => client.postBare('/verify-email', fields),
      block(who),
    )
    expect(answer.status).toBe(410)
    expect(await everything(holder)).toEqual(before)
  })
})

test('a person who is blocked while they sign in is not signed in (fault 7)', async () => {
  const who = await app.createUser({ name: 'Sid Sign', role: 'Fieldworker' })
  const client = app.client()
  const fields = { email: who.email, password, _csrf: await client.token('/sign-in') }
  const { answer } = await comesToNothing(row(who), () => client.postBare('/sign-in', fields), block(who))
  expect(answer.status).toBe(422)
  expect(await activityFor(app.db, who, 'sign_in')).toEqual([])
})

describe('somebody who works as another, and is blocked meanwhile', () => {
  async function acting() {
    const behind = await app.createUser({ name: 'Ira Impersonator', role: 'Owner' })
    const as = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
    const client = await app.signIn(behind)
    await client.post(`/users/${as.id}/impersonation`, { reason: 'Cannot find the job sheet' })
    return { behind, as, visitor: client, _csrf: await client.token('/account') }
  }

  test.each(['behind', 'as'] as const)('adds nobody in that name: %s (fault 7)', async (who) => {
    const its = await acting()
    const { fields } = made.newWorker()
    const send = () => its.visitor.postBare('/fieldworkers/new', { ...fields, _csrf: its._csrf })
    const { answer, before } = await comesToNothing(row(its[who]), send, block(its[who]))
    expect(answer.status).toBe(403)
    expect(await everything(holder)).toEqual(before)
  })
})

describe('a job that acts for somebody who is blocked while it waits', () => {
  const office = async () => {
    const name = `Office ${crypto.randomUUID().slice(0, 8)}`
    await customRole(app.db, name, [...permissions])
    const who = await app.createUser({ name: 'Otis Office', role: name })
    return { who, visitor: await app.signIn(who) }
  }

  test.each(['account', 'role'])('an automation does nothing to anybody: %s (fault 7)', async (what) => {
    const { who, visitor: client } = await office()
    const idle = await app.createUser({ name: 'Ina Idle', role: 'Fieldworker' })
    await run(
      app.db,
      sql`update users set last_sign_in_at = now() - interval '400 days', created_at = now() - interval '400 days',
            status_changed_at = now() - interval '400 days' where id = ${idle.id}`,
    )
    await on(app, client, 'dormant')
    await app.startAutomations()
    const lost = sql`update roles set permissions = '{}' where id = (select role_id from users where id = ${who.id})`
    const held = await inFlight(
      holder,
      row(who),
      () => app.runJobs(),
      (tx) => run(tx, what === 'account' ? block(who) : lost),
    )
    expect(held.waited).toBe(true)
    expect(await activityFor(app.db, idle, 'user_deactivated')).toEqual([])
  })

  test('a campaign sends no email, and says why it stands still (fault 7)', async () => {
    const { who, visitor: client } = await office()
    const { fields } = await made.starting(app)
    const answer = await client.post('/campaigns', fields, '/account')
    const held = await inFlight(
      holder,
      row(who),
      () => app.runJobs(),
      (tx) => run(tx, block(who)),
    )
    expect(held.waited).toBe(true)
    expect(await app.db.query(sql`select from emails where template = 'canned_response'`)).toMatchObject({
      rowCount: 0,
    })
    const owner = await app.as('owner')
    expect((await owner.get(answer.headers.location ?? '')).text).toContain('can no longer run campaigns')
  })

  test('an import takes nobody in (fault 7)', async () => {
    const { who, visitor: client } = await office()
    const uploaded = await client.upload('/fieldworkers/import', made.file().file)
    const at = uploaded.headers.location ?? ''
    await client.post(`${at}/start`, {}, at)
    const held = await inFlight(
      holder,
      row(who),
      () => app.runJobs(),
      (tx) => run(tx, block(who)),
    )
    expect(held.waited).toBe(true)
    expect(await app.db.query(sql`select from users where name = 'Row'`)).toMatchObject({ rowCount: 0 })
  })
})
