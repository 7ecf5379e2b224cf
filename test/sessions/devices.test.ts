import { describe, expect, test } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { logged, password, type Somebody } from '../support/people.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse({ TRUST_PROXY: '1' })
const somebody = () => house.add({ name: 'Dev Ices', role: 'Fieldworker' })
const isIn = async (visitor: Visitor) => (await visitor.get('/account')).status === 200
const ends = async (visitor: Visitor) =>
  [
    ...(await visitor.get('/account/sessions')).text.matchAll(
      /action="(\/account\/sessions\/[\w-]{36}\/end)"/g,
    ),
  ].map(([, path]) => path ?? '')

describe('Devices', () => {
  test('lists what is signed in, and which is this one', async () => {
    const me = await somebody()
    const here = await house.signIn(me)
    await house
      .visitor(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
      )
      .signIn(me.email, password, true)
    const page = words((await here.get('/account/sessions')).text)
    expect(page).toContain('Chrome, Windows This device')
    expect(page).toContain('Safari, iOS')
    expect(page).toContain('stays signed in until')
    expect(await ends(here)).toHaveLength(1)
  })

  test('ends one, and leaves the others', async () => {
    const me = await somebody()
    const [here, lost] = [await house.signIn(me), await house.signIn(me)]
    const [path = ''] = await ends(here)
    expect((await here.post(path, {}, '/account/sessions')).headers.location).toBe('/account/sessions')
    expect([await isIn(here), await isIn(lost)]).toEqual([true, false])
    expect(await logged(house.db, me, 'sessions_ended')).toMatchObject([{ details: { count: 1 } }])
  })

  test('ends all others', async () => {
    const me = await somebody()
    const [here, ...others] = [await house.signIn(me), await house.signIn(me), await house.signIn(me, true)]
    await here.post('/account/sessions/end-others', {}, '/account/sessions')
    expect(await isIn(here)).toBe(true)
    for (const other of others) expect(await isIn(other)).toBe(false)
  })

  test('does not end anybody else’s', async () => {
    const [me, other] = [await somebody(), await somebody()]
    const [here, theirs] = [await house.signIn(me), await house.signIn(other)]
    await house.signIn(other)
    const [path = ''] = await ends(theirs)
    await here.post(path, {}, '/account/sessions')
    expect(await logged(house.db, other, 'sessions_ended')).toEqual([])
    expect(await ends(theirs)).toHaveLength(1)
  })

  test('wants the password first when it was entered long ago', async () => {
    const me = await somebody()
    const here = await house.signIn(me)
    await run(
      house.db,
      sql`update sessions set password_proven_at = now() - interval '31 minutes' where user_id = ${me.id}`,
    )
    expect((await here.post('/account/sessions/end-others', {}, '/account/sessions')).headers.location).toBe(
      '/confirm-password?next=%2Faccount%2Fsessions',
    )
  })
})

describe('a browser that was used before', () => {
  const newDeviceLetters = async (who: Somebody) =>
    (await house.lettersTo(who)).filter(({ template }) => template === 'new_device')
  const signOut = (visitor: Visitor) => visitor.post('/sign-out', {}, '/account')

  test('is known; any other is told to the owner by mail, but not the very first', async () => {
    const me = await somebody()
    const mine = await house.signIn(me)
    expect(await newDeviceLetters(me)).toEqual([])
    await signOut(mine)
    await mine.signIn(me.email, password)
    expect(await newDeviceLetters(me)).toEqual([])
    await house.signIn(me)
    const [letter] = await newDeviceLetters(me)
    expect(letter).toMatchObject({ subject: 'You signed in on a new device' })
    expect(letter?.text).toContain('Was it not you?')
  })

  test('is not shut out by what strangers try', async () => {
    const me = await somebody()
    const mine = await house.signIn(me)
    await signOut(mine)
    for (let i = 0; i < 30; i++) {
      const thief = house.visitor()
      const fields = { _csrf: await thief.token('/sign-in'), email: me.email, password: `guess ${i}` }
      await thief.postBare('/sign-in', fields).set('X-Forwarded-For', `198.51.100.${i}`)
    }
    expect((await house.visitor().post('/sign-in', { email: me.email, password })).status).toBe(429)
    await mine.signIn(me.email, password)
  })

  test('is not kept from step-up by what strangers try', async () => {
    const me = await somebody()
    const mine = await house.signIn(me)
    for (let i = 0; i < 7; i++) await house.visitor().post('/sign-in', { email: me.email, password: 'wrong' })
    expect((await mine.post('/confirm-password', { password, next: '/account' })).headers.location).toBe(
      '/account',
    )
  })

  test('has a throttle of its own', async () => {
    const me = await somebody()
    const mine = await house.signIn(me)
    await signOut(mine)
    const statuses = []
    for (let i = 0; i < 6; i++)
      statuses.push((await mine.post('/sign-in', { email: me.email, password: 'wrong' })).status)
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
  })

  test('opens nothing by that alone', async () => {
    const me = await somebody()
    const mine = await house.signIn(me)
    const mark = /dev=[\w-]{43}/.exec(mine.cookies())?.[0] ?? ''
    expect(mark).not.toBe('')
    expect((await house.visitor().get('/account').set('Cookie', mark)).status).toBe(303)
  })
})

test('my activity tells what was done with my account, and nothing of others', async () => {
  const [me, other] = [await somebody(), await house.add({ name: 'Other Person', role: 'Fieldworker' })]
  const visitor = await house.signIn(me)
  await house.signIn(other)
  await house.visitor().post('/sign-in', { email: me.email, password: 'wrong' })
  const page = words((await visitor.get('/account/activity')).text)
  expect(page).toContain('Dev Ices signed in')
  expect(page).toContain('Sign-in as Dev Ices failed')
  expect(page).not.toContain('Other Person')
})
