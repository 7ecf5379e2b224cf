import argon2 from 'argon2'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { password, type TestUser } from '../../support/people.ts'
import { HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const wrong = 'not the password at all'
const today = 'm=19456,t=2,p=1'

beforeEach(async () => {
  await run(app.db, sql`delete from rate_limits`)
  await run(app.db, sql`delete from password_failures`)
  // Of earlier tests nobody is left whose hash another test did not ask for.
  await run(app.db, sql`update users set password_hash = null where name = 'Hanna Hash'`)
})
afterEach(() => vi.restoreAllMocks())

const hashWith = (memoryCost: number, timeCost: number, parallelism = 1) =>
  argon2.hash(password, { memoryCost, timeCost, parallelism, hashLength: 32, type: argon2.argon2id })
async function withHash(hash: string, more = {}) {
  const who = await app.createUser({ name: 'Hanna Hash', role: 'Fieldworker', ...more })
  await run(app.db, sql`update users set password_hash = ${hash} where id = ${who.id}`)
  return who
}
/** A restarted app, which has seen no hash yet. */
const restarted = () => createApp({ db: app.db, config: app.configWith() })

/** With which parameters passwords are verified while something is done, one after the other. */
async function workOf(action: () => PromiseLike<unknown>): Promise<string[]> {
  const verify = vi.spyOn(argon2, 'verify')
  await action()
  const work = verify.mock.calls.map(([digest]) => digest.split('$')[3] ?? '')
  verify.mockRestore()
  return work
}
function signingIn(expressApp: ReturnType<typeof restarted>) {
  return ({ email }: Pick<TestUser, 'email'>, typed = wrong) =>
    workOf(() => new HttpClient(expressApp).post('/sign-in', { email, password: typed }))
}
const nobody = { email: 'nobody@firm.test' }

describe('the sign-in page does the same work', () => {
  test('without an account as with one, once with today’s parameters if no hash has others (fault 9)', async () => {
    const signIn = signingIn(restarted())
    expect(await signIn(nobody)).toEqual([today])
    expect(await signIn(app.cast.sam)).toEqual([today])
    expect(await signIn(app.cast.sam, password)).toEqual([today])
  })

  test.each([
    ['less memory', () => hashWith(4096, 3), 'm=4096,t=3,p=1'],
    ['less time', () => hashWith(19456, 1), 'm=19456,t=1,p=1'],
    ['more lanes', () => hashWith(19456, 2, 4), 'm=19456,t=2,p=4'],
    ['more of both, from before the parameters were lowered', () => hashWith(32768, 3), 'm=32768,t=3,p=1'],
  ])(
    'for a hash made with %s, from the first attempt after a start (fault 9)',
    async (_, hash, parameters) => {
      const who = await withHash(await hash())
      const blocked = await withHash(await hash(), { status: 'blocked' })
      const signIn = signingIn(restarted())
      const work = await signIn(who)
      expect([...work].sort()).toEqual([parameters, today].sort())
      for (const other of [nobody, app.cast.sam, who, blocked]) expect(await signIn(other)).toEqual(work)
      expect(await signIn(blocked, password)).toEqual(work)
      expect(await signIn(app.cast.otto, password)).toEqual(work)
    },
  )

  test('for a hash added after the start, from the second attempt at any account (fault 9)', async () => {
    const signIn = signingIn(restarted())
    expect(await signIn(nobody)).toEqual([today])
    const who = await withHash(await hashWith(4096, 3))
    const work = await signIn(who)
    expect(work).toEqual([today, 'm=4096,t=3,p=1'])
    for (const other of [nobody, app.cast.sam, who]) expect(await signIn(other)).toEqual(work)
  })

  test.each([
    '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA',
    '$argon2id$v=19$m=999999,t=9,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('for an unreadable hash, without using its parameters: %s (fault 9)', async (hash) => {
    const who = await withHash(hash)
    const signIn = signingIn(restarted())
    expect(await signIn(who)).toEqual([today])
    expect(await signIn(nobody)).toEqual([today])
  })

  test('for a password disabled after a hundred failures (fault 9)', async () => {
    const who = await withHash(await hashWith(4096, 3))
    const signIn = signingIn(restarted())
    const work = await signIn(who)
    await run(app.db, sql`update password_failures set failures = 100, open_at = '-infinity'`)
    expect(await signIn(who)).toEqual(work)
  })

  test('for at most five kinds of hash, however many there are (fault 9)', async () => {
    const people = []
    for (const memory of [4096, 4097, 4098, 4099, 4100, 4101])
      people.push(await withHash(await hashWith(memory, 1)))
    const signIn = signingIn(restarted())
    const work = await signIn(nobody)
    expect(work).toHaveLength(5)
    for (const who of people) expect(await signIn(who)).toEqual(work)
  })
})

test('an older hash is still accepted, and rehashed at sign-in; then its work is no longer done (fault 9)', async () => {
  const who = await withHash(await hashWith(4096, 3))
  await app.signIn(who)
  expect(await signingIn(restarted())(nobody)).toEqual([today])
  await app.signIn(who)
})

test.each([
  [
    '/account/password',
    {
      currentPassword: wrong,
      newPassword: 'violin trunk harvest 58 otter',
      confirmPassword: 'violin trunk harvest 58 otter',
    },
  ],
  ['/confirm-password', { password: wrong, next: '/account' }],
  ['/account/email', { email: 'other@firm.test', password: wrong }],
])('%s does the same work for an older hash (fault 9)', async (address, fields) => {
  const [older, same] = [await withHash(await hashWith(19456, 2)), await withHash(await hashWith(19456, 2))]
  const expressApp = restarted()
  const at = async (who: TestUser) => {
    const client = await new HttpClient(expressApp).signIn(who.email, password)
    return workOf(() => client.post(address, fields as Record<string, string>))
  }
  expect(await at(same)).toEqual([today])
  const client = await new HttpClient(expressApp).signIn(older.email, password)
  await run(app.db, sql`update users set password_hash = ${await hashWith(4096, 3)} where id = ${older.id}`)
  const work = await workOf(() => client.post(address, fields as Record<string, string>))
  expect(work).toEqual([today, 'm=4096,t=3,p=1'])
  expect(await at(same)).toEqual(work)
})
