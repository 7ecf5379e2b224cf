import { describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, password, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp({ TRUST_PROXY: '1' })
const somebody = () => app.createUser({ name: 'Dev Ices', role: 'Fieldworker' })
const isIn = async (client: HttpClient) => (await client.get('/account')).status === 200
const ends = async (client: HttpClient) =>
  [
    ...(await client.get('/account/sessions')).text.matchAll(
      /action="(\/account\/sessions\/[\w-]{36}\/end)"/g,
    ),
  ].map(([, path]) => path ?? '')

describe('Devices', () => {
  test('lists signed-in devices, and which is this one', async () => {
    const me = await somebody()
    const here = await app.signIn(me)
    await app
      .client(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
      )
      .signIn(me.email, password, true)
    const page = textOf((await here.get('/account/sessions')).text)
    expect(page).toContain('Chrome, Windows This device')
    expect(page).toContain('Safari, iOS')
    expect(page).toContain('stays signed in until')
    expect(await ends(here)).toHaveLength(1)
  })

  test('ends one, and leaves the others', async () => {
    const me = await somebody()
    const [here, lost] = [await app.signIn(me), await app.signIn(me)]
    const [path = ''] = await ends(here)
    expect((await here.post(path, {}, '/account/sessions')).headers.location).toBe('/account/sessions')
    expect([await isIn(here), await isIn(lost)]).toEqual([true, false])
    expect(await activityFor(app.db, me, 'sessions_ended')).toMatchObject([{ details: { count: 1 } }])
  })

  test('ends all others', async () => {
    const me = await somebody()
    const [here, ...others] = [await app.signIn(me), await app.signIn(me), await app.signIn(me, true)]
    await here.post('/account/sessions/end-others', {}, '/account/sessions')
    expect(await isIn(here)).toBe(true)
    for (const other of others) expect(await isIn(other)).toBe(false)
  })

  test('does not end anybody else’s', async () => {
    const [me, other] = [await somebody(), await somebody()]
    const [here, theirs] = [await app.signIn(me), await app.signIn(other)]
    await app.signIn(other)
    const [path = ''] = await ends(theirs)
    await here.post(path, {}, '/account/sessions')
    expect(await activityFor(app.db, other, 'sessions_ended')).toEqual([])
    expect(await ends(theirs)).toHaveLength(1)
  })

  test('asks for the password first if it was entered long ago', async () => {
    const me = await somebody()
    const here = await app.signIn(me)
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${me.id}`,
    )
    expect((await here.post('/account/sessions/end-others', {}, '/account/sessions')).headers.location).toBe(
      '/confirm-password?next=%2Faccount%2Fsessions',
    )
  })
})

describe('a browser that was used before', () => {
  const newDeviceEmails = async (who: TestUser) =>
    (await app.emailsTo(who)).filter(({ template }) => template === 'new_device')
  const signOut = (client: HttpClient) => client.post('/sign-out', {}, '/account')

  test('is known; any other is emailed to the owner, except the very first', async () => {
    const me = await somebody()
    const mine = await app.signIn(me)
    expect(await newDeviceEmails(me)).toEqual([])
    await signOut(mine)
    await mine.signIn(me.email, password)
    expect(await newDeviceEmails(me)).toEqual([])
    await app.signIn(me)
    const [email] = await newDeviceEmails(me)
    expect(email).toMatchObject({ subject: 'You signed in on a new device' })
    expect(email?.text).toContain('Wasn’t you?')
  })

  test('is not locked out by strangers’ attempts', async () => {
    const me = await somebody()
    const mine = await app.signIn(me)
    await signOut(mine)
    for (let i = 0; i < 30; i++) {
      const thief = app.client()
      const fields = { _csrf: await thief.token('/sign-in'), email: me.email, password: `guess ${i}` }
      await thief.postBare('/sign-in', fields).set('X-Forwarded-For', `198.51.100.${i}`)
    }
    expect((await app.client().post('/sign-in', { email: me.email, password })).status).toBe(429)
    await mine.signIn(me.email, password)
  })

  test('is not kept from step-up by strangers’ attempts', async () => {
    const me = await somebody()
    const mine = await app.signIn(me)
    for (let i = 0; i < 7; i++) await app.client().post('/sign-in', { email: me.email, password: 'wrong' })
    expect((await mine.post('/confirm-password', { password, next: '/account' })).headers.location).toBe(
      '/account',
    )
  })

  test('has a throttle of its own', async () => {
    const me = await somebody()
    const mine = await app.signIn(me)
    await signOut(mine)
    const statuses = []
    for (let i = 0; i < 6; i++)
      statuses.push((await mine.post('/sign-in', { email: me.email, password: 'wrong' })).status)
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
  })

  test('grants nothing by itself', async () => {
    const me = await somebody()
    const mine = await app.signIn(me)
    const mark = /dev=[\w-]{43}/.exec(mine.cookies())?.[0] ?? ''
    expect(mark).not.toBe('')
    expect((await app.client().get('/account').set('Cookie', mark)).status).toBe(303)
  })
})

test('my activity shows what was done with my account, and nothing of others', async () => {
  const [me, other] = [await somebody(), await app.createUser({ name: 'Other Person', role: 'Fieldworker' })]
  const client = await app.signIn(me)
  await app.signIn(other)
  await app.client().post('/sign-in', { email: me.email, password: 'wrong' })
  const page = textOf((await client.get('/account/activity')).text)
  expect(page).toContain('Dev Ices signed in')
  expect(page).toContain('Sign-in as Dev Ices failed')
  expect(page).not.toContain('Other Person')
})
