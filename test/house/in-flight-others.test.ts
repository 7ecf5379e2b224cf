import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { permissions } from '../../src/access/permissions.ts'
import { Db, run, sql, type Sql } from '../../src/foundation/db.ts'
import * as made from '../support/made-for-actions.ts'
import { superuserOf } from '../support/database.ts'
import { everything } from '../support/everything.ts'
import { testHouse } from '../support/house.ts'
import { inFlight } from '../support/in-flight.ts'
import { logged, password, type Somebody } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import { on } from '../support/automations.ts'

// What is done by a link, on the way in, while somebody works as another, or by a job in somebody's name: all of it asks
// again, too. Actions of somebody who is signed in are walked in in-flight.test.ts.
const house = testHouse()
let holder: Db
beforeAll(() => {
  holder = new Db(superuserOf(house.connectionString), { max: 1 })
})
afterAll(() => holder.close())
beforeEach(() => run(house.db, sql`delete from rate_limits`))

const row = ({ id }: Somebody) => sql`select from users where id = ${id} for update`
const block = ({ id }: Somebody) => sql`update users set status = 'blocked' where id = ${id}`
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

async function opened(who: Somebody) {
  await house.work()
  const [letter] = await house.lettersTo(who)
  const visitor = house.visitor()
  const path = new URL(letter?.link ?? '').pathname
  return { visitor, path, page: (await visitor.get(path)).headers.location ?? path }
}

describe('a link, while its owner is blocked', () => {
  test.each(['active', 'invited'])('sets no password: %s (fault 7)', async (status) => {
    const who = await house.add({ name: 'Lea Link', role: 'Fieldworker', status })
    await house.visitor().post('/forgot-password', { email: who.email })
    const { visitor, page } = await opened(who)
    const _csrf = await visitor.token(page)
    const send = () => visitor.postBare(page, { ...twice, _csrf })
    const { answer, before } = await comesToNothing(row(who), send, block(who))
    expect(answer.status).toBe(410)
    expect(await everything(holder)).toEqual(before)
  })

  test('verifies no address (fault 7)', async () => {
    const who = await house.add({ name: 'Lea Link', role: 'Fieldworker', verified: false })
    await house.visitor().post('/forgot-password', { email: who.email })
    const { visitor, path } = await opened(who)
    const fields = { token: path.split('/').at(-1) ?? '', _csrf: await visitor.token(path) }
    const { answer, before } = await comesToNothing(
      row(who),
      () => visitor.postBare('/verify-email', fields),
      block(who),
    )
    expect(answer.status).toBe(410)
    expect(await everything(holder)).toEqual(before)
  })
})

test('whoever is blocked while they sign in is not signed in (fault 7)', async () => {
  const who = await house.add({ name: 'Sid Sign', role: 'Fieldworker' })
  const visitor = house.visitor()
  const fields = { email: who.email, password, _csrf: await visitor.token('/sign-in') }
  const { answer } = await comesToNothing(row(who), () => visitor.postBare('/sign-in', fields), block(who))
  expect(answer.status).toBe(422)
  expect(await logged(house.db, who, 'sign_in')).toEqual([])
})

describe('somebody who works as another, and is blocked meanwhile', () => {
  async function acting() {
    const behind = await house.add({ name: 'Ira Impersonator', role: 'Owner' })
    const as = await house.add({ name: 'Ada Admin', role: 'Admin' })
    const visitor = await house.signIn(behind)
    await visitor.post(`/users/${as.id}/impersonation`, { reason: 'Cannot find the job sheet' })
    return { behind, as, visitor, _csrf: await visitor.token('/account') }
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
    await customRole(house.db, name, [...permissions])
    const who = await house.add({ name: 'Otis Office', role: name })
    return { who, visitor: await house.signIn(who) }
  }

  test.each(['account', 'role'])('an automation does nothing to anybody: %s (fault 7)', async (what) => {
    const { who, visitor } = await office()
    const idle = await house.add({ name: 'Ina Idle', role: 'Fieldworker' })
    await run(
      house.db,
      sql`update users set last_sign_in_at = now() - interval '400 days', created_at = now() - interval '400 days',
            status_changed_at = now() - interval '400 days' where id = ${idle.id}`,
    )
    await on(house, visitor, 'dormant')
    await house.startAutomations()
    const lost = sql`update roles set permissions = '{}' where id = (select role_id from users where id = ${who.id})`
    const held = await inFlight(
      holder,
      row(who),
      () => house.work(),
      (tx) => run(tx, what === 'account' ? block(who) : lost),
    )
    expect(held.waited).toBe(true)
    expect(await logged(house.db, idle, 'user_deactivated')).toEqual([])
  })

  test('a campaign sends no letter, and says why it stands still (fault 7)', async () => {
    const { who, visitor } = await office()
    const { fields } = await made.starting(house)
    const answer = await visitor.post('/campaigns', fields, '/account')
    const held = await inFlight(
      holder,
      row(who),
      () => house.work(),
      (tx) => run(tx, block(who)),
    )
    expect(held.waited).toBe(true)
    expect(await house.db.query(sql`select from letters where template = 'canned_response'`)).toMatchObject({
      rowCount: 0,
    })
    const owner = await house.as('owner')
    expect((await owner.get(answer.headers.location ?? '')).text).toContain('may not run campaigns any more')
  })

  test('an import takes nobody in (fault 7)', async () => {
    const { who, visitor } = await office()
    const uploaded = await visitor.upload('/fieldworkers/import', made.file().file)
    const at = uploaded.headers.location ?? ''
    await visitor.post(`${at}/start`, {}, at)
    const held = await inFlight(
      holder,
      row(who),
      () => house.work(),
      (tx) => run(tx, block(who)),
    )
    expect(held.waited).toBe(true)
    expect(await house.db.query(sql`select from users where name = 'Row'`)).toMatchObject({ rowCount: 0 })
  })
})
