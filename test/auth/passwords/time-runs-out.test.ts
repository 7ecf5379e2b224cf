import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Db, run, sql, type Sql } from '../../../src/platform/db.ts'
import { actions } from '../../support/actions.ts'
import { createTestApp } from '../../support/test-app.ts'
import { superuserOf } from '../../support/database.ts'
import { everything } from '../../support/everything.ts'
import { inFlight } from '../../support/in-flight.ts'
import { activityFor, credential, password, type TestUser } from '../../support/people.ts'
import { customRole } from '../../support/roles.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'
import { permissions } from '../../../src/access/permissions.ts'
import { textOf } from '../../support/http-client.ts'

// What ends at a time is judged by the time at which an action has its locks, not by that at which it began to wait.
const app = createTestApp()
let holder: Db
beforeAll(() => {
  holder = new Db(superuserOf(app.connectionString), { max: 1 })
})
afterAll(() => holder.close())
beforeEach(() => resetRateLimits(app.db))

const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const worker = () => app.createUser({ name: 'Wanda Worker', role: 'Fieldworker' })
const row = ({ id }: TestUser) => sql`select from users where id = ${id} for update`
const temporaryUntil = ({ id }: TestUser, until: Sql) =>
  sql`update users set temporary_password_expires_at = ${until} where id = ${id}`
const soon = sql`now() + interval '1 hour'`
const justNow = sql`clock_timestamp()`

describe('a temporary password that expires while its use waits for a lock', () => {
  test.each([false, true])('is not replaced by its owner; on the phone: %s (fault 8)', async (phone) => {
    const who = await worker()
    const client = await app.client(phone ? iphone : undefined).signIn(who.email, password)
    const place = phone ? '/m/password' : '/account/password'
    await run(app.db, temporaryUntil(who, soon))
    const _csrf = await client.token(place)
    const fields = { _csrf, currentPassword: password, ...choice }
    const before = await credential(app.db, who)
    const send = () => client.postBare(place, fields)
    const { answer, waited } = await inFlight(holder, row(who), send, (tx) =>
      run(tx, temporaryUntil(who, justNow)),
    )
    expect(waited).toBe(true)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain('This temporary password has expired')
    expect(await credential(app.db, who)).toMatchObject({ password_hash: before.password_hash })
  })

  test('signs nobody in, and says why (fault 8)', async () => {
    const who = await worker()
    await run(app.db, temporaryUntil(who, soon))
    const client = app.client()
    const _csrf = await client.token('/sign-in')
    const send = () => client.postBare('/sign-in', { _csrf, email: who.email, password })
    const { answer, waited } = await inFlight(holder, row(who), send, (tx) =>
      run(tx, temporaryUntil(who, justNow)),
    )
    expect(waited).toBe(true)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain('That temporary password has expired')
    expect(await activityFor(app.db, who, 'sign_in')).toEqual([])
    expect(await activityFor(app.db, who, 'sign_in_failed')).toMatchObject([
      { details: { reason: 'temporary_password_expired' } },
    ])
  })
})

describe('a link that expires while its use waits for a lock', () => {
  test('sets no password (fault 8)', async () => {
    const who = await worker()
    await app.client().post('/forgot-password', { email: who.email })
    const client = app.client()
    await client.get(await app.newestLink(who))
    const _csrf = await client.token('/reset-password')
    const before = await credential(app.db, who)
    const send = () => client.postBare('/reset-password', { _csrf, ...choice })
    const { answer, waited } = await inFlight(holder, row(who), send, (tx) =>
      run(tx, sql`update links set expires_at = ${justNow} where user_id = ${who.id}`),
    )
    expect(waited).toBe(true)
    expect(answer.status).toBe(410)
    expect(await credential(app.db, who)).toEqual(before)
  })
})

describe('a password that was entered recently, but not recently enough once the locks are there', () => {
  const proofIs = ({ id }: TestUser, minutes: number) =>
    sql`update sessions set reauthenticated_at = ${justNow} - make_interval(mins => ${minutes}) where user_id = ${id}`

  test('changes no password on the phone (fault 8)', async () => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    const _csrf = await client.token('/m/password')
    const before = await credential(app.db, who)
    const send = () => client.postBare('/m/password', { _csrf, ...choice })
    const { answer, waited } = await inFlight(holder, row(who), send, (tx) => run(tx, proofIs(who, 15)))
    expect(waited).toBe(true)
    expect(answer.status).toBe(403)
    expect(textOf(answer.text)).toContain('Enter your password again')
    expect(await credential(app.db, who)).toEqual(before)
  })

  let made = 0
  test.each(actions.filter(({ proof }) => proof))('does nothing: $route (fault 8)', async (action) => {
    const { route, make, actor: { role, verified = true } = {} } = action
    const name = role ?? `Everything ${++made}`
    if (!role) await customRole(app.db, name, [...permissions])
    const actor = await app.createUser({ name: 'Ada Actor', role: name, verified })
    const { id = '', fields = {}, file } = await make(app, actor)
    const client = await app.signIn(actor)
    const to = route.replace('POST ', '').replace(/:\w+/, id)
    const _csrf = await client.token('/confirm-password')
    const send = async () =>
      file
        ? client.upload(to, file, 'people.csv', '/confirm-password')
        : client.postBare(to, { ...fields, _csrf })
    const { answer, waited, meanwhile } = await inFlight(holder, row(actor), send, async (tx) => {
      await run(tx, proofIs(actor, 30))
      return everything(tx)
    })
    expect(waited).toBe(true)
    expect(answer.status).toBe(403)
    expect(textOf(answer.text)).toContain('Enter your password again')
    expect(await everything(holder)).toEqual(meanwhile)
  })
})
