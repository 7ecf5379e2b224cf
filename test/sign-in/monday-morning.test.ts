import { beforeEach, describe, expect, test } from 'vitest'
import { Count, many, one, run, sql } from '../../src/foundation/db.ts'
import { z } from 'zod'
import { testHouse } from '../support/house.ts'
import { password, type Somebody } from '../support/people.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse({ TRUST_PROXY: '1' })
const router = '203.0.113.60'
const good = 'violin trunk harvest 58 otter'

beforeEach(async () => {
  await run(house.db, sql`delete from rate_limits`)
  await run(house.db, sql`delete from password_failures`)
})

/** So many people who come one day, none of whom signed in with these browsers before. */
const crew = (size: number, more = {}) =>
  Promise.all(
    Array.from({ length: size }, () => house.add({ name: 'Moe Monday', role: 'Fieldworker', ...more })),
  )

/** A form, sent by way of the router that all of them sit behind. */
async function sent(visitor: Visitor, address: string, fields: Record<string, string>, from = router) {
  const _csrf = await visitor.token(address)
  return visitor.postBare(address, { _csrf, ...fields }).set('X-Forwarded-For', from)
}
const signIn = (
  { email }: Pick<Somebody, 'email'>,
  typed: string,
  visitor = house.visitor(),
  from = router,
) => sent(visitor, '/sign-in', { email, password: typed }, from)

/** A few at a time, as people come. */
async function each<T, R>(all: T[], work: (one: T, place: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < all.length; start += 10)
    results.push(
      ...(await Promise.all(all.slice(start, start + 10).map((one, place) => work(one, start + place)))),
    )
  return results
}
const statuses = (answers: { status: number }[]) => [...new Set(answers.map(({ status }) => status))]

/** As if so many attempts, at so many accounts, had failed here within these ten minutes. */
async function failed(attempts: number, accounts: number) {
  await signIn({ email: 'first@firm.test' }, 'wrong')
  await run(house.db, sql`update rate_limits set points = ${attempts} where key = ${`sign-in:${router}`}`)
  await run(
    house.db,
    sql`update rate_limits set points = ${accounts} where key = ${`sign-in-accounts:${router}`}`,
  )
}

describe('behind one router', () => {
  test('two hundred people mistype once and all get in, and so does the office (fault 27)', async () => {
    const people = await crew(200)
    const shared = house.visitor()
    const _csrf = await shared.token('/sign-in')
    const mistype = ({ email }: Somebody) =>
      shared.postBare('/sign-in', { _csrf, email, password: 'mistyped' }).set('X-Forwarded-For', router)
    expect(statuses(await each(people, async (who) => mistype(who)))).toEqual([422])
    expect(statuses(await each(people, (who) => signIn(who, password)))).toEqual([303])
    expect((await signIn(house.cast.admin, password)).status).toBe(303)
  }, 120_000)

  test('two hundred people forgot their password, and each gets a link (fault 27)', async () => {
    const people = await crew(200)
    const ask = ({ email }: Somebody) => sent(house.visitor(), '/forgot-password', { email })
    expect(statuses(await each(people, ask))).toEqual([303])
    await house.work()
    const { count } = await one(
      house.db,
      Count,
      sql`select count(distinct to_address) from letters
          where template = 'password_reset' and to_address = any(${people.map(({ email }) => email)}::text[])`,
    )
    expect(count).toBe(200)
  }, 120_000)

  test('sixty people open a link whose end was lost: each is told so, and the real ones work (fault 27)', async () => {
    const [who] = await crew(1)
    await sent(house.visitor(), '/forgot-password', { email: who?.email ?? '' })
    await house.work()
    const [letter] = await house.lettersTo(who as Somebody)
    const path = new URL(letter?.link ?? '').pathname
    const open = (address: string, visitor = house.visitor()) =>
      visitor.get(address).set('X-Forwarded-For', router)
    for (let place = 0; place < 60; place++) {
      const answer = await open(path.slice(0, -4))
      expect([410, 429]).toContain(answer.status)
      expect(words(answer.text)).toContain('a part of it went missing when it was copied')
    }
    const visitor = house.visitor()
    expect((await open(path, visitor)).headers.location).toBe('/reset-password')
    const answer = await sent(visitor, '/reset-password', { newPassword: good, confirmPassword: good })
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
  })

  test('the two hundredth to have an address verified still gets the email (fault 27)', async () => {
    const visitor = house.visitor()
    const [who] = (await crew(1, { verified: false })) as [Somebody]
    await signIn(who, password, visitor)
    await run(
      house.db,
      sql`insert into rate_limits values (${`mail-link-network:${router}`}, 199, extract(epoch from now()) * 1000 + 60000)`,
    )
    const _csrf = await visitor.token('/account')
    const answer = await visitor
      .postBare('/account/email-verification', { _csrf })
      .set('X-Forwarded-For', router)
    expect(answer.status).toBe(303)
  })

  test('one person who presses again and again takes nothing from the others (fault 27)', async () => {
    const [impatient, other] = await crew(2, { verified: false })
    const visitor = house.visitor()
    await signIn(impatient as Somebody, password, visitor)
    const _csrf = await visitor.token('/account')
    for (let place = 0; place < 10; place++)
      await visitor.postBare('/account/email-verification', { _csrf }).set('X-Forwarded-For', router)
    const network = await one(
      house.db,
      Count,
      sql`select points as count from rate_limits where key = ${`mail-link-network:${router}`}`,
    )
    expect(network.count).toBe(1)
    expect((await signIn(other as Somebody, password)).status).toBe(303)
  })
})

describe('a flood from one network', () => {
  test('of one password at many accounts is stopped at three hundred of them (fault 27)', async () => {
    await failed(290, 290)
    const guesses = Array.from({ length: 30 }, (_, place) => `spray${place}@firm.test`)
    const answers = await each(guesses, (email) => signIn({ email }, 'wrong'))
    expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(422))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(20)
    for (const { headers } of refused) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(600)
    }
    expect(
      (await signIn({ email: 'spray0@firm.test' }, 'wrong', house.visitor(), '203.0.113.61')).status,
    ).toBe(422)
  })

  test('of many passwords is stopped at a thousand, and the log tells of it once (fault 27)', async () => {
    await failed(998, 10)
    const before = await throttledNetworks()
    const answers = []
    for (const email of ['one@firm.test', 'two@firm.test', 'two@firm.test', 'three@firm.test'])
      answers.push((await signIn({ email }, 'wrong')).status)
    expect(answers).toEqual([422, 422, 429, 429])
    expect(await throttledNetworks()).toBe(before + 1)
  })

  test('stops browsers that nobody signed in with before, and lets known ones in (fault 27)', async () => {
    const [worker, stranger] = (await crew(2)) as [Somebody, Somebody]
    const [known, office] = [house.visitor(), house.visitor()]
    await signIn(worker, password, known)
    await signIn(house.cast.admin, password, office)
    await failed(1000, 300)
    expect((await signIn(stranger, password)).status).toBe(429)
    expect((await signIn(worker, password, house.visitor())).status).toBe(429)
    for (const [who, visitor] of [
      [worker, known],
      [house.cast.admin, office],
    ] as const) {
      await visitor.post('/sign-out', {}, '/account')
      expect((await signIn(who, 'mistyped', visitor)).status).toBe(422)
      expect((await signIn(who, password, visitor)).status).toBe(303)
    }
    // Known to one account is not known to another.
    await known.post('/sign-out', {}, '/account')
    expect((await signIn(stranger, password, known)).status).toBe(429)
  })

  test('is not opened again by an account that gets in every time, however many sign-ins at once (fault 27)', async () => {
    const [own] = (await crew(1)) as [Somebody]
    await failed(500, 100)
    await Promise.all(Array.from({ length: 4 }, () => signIn(own, password)))
    for (let round = 0; round < 3; round++) {
      await signIn(own, 'wrong')
      await signIn(own, password)
    }
    const points = await many(
      house.db,
      z.object({ key: z.string(), points: z.number() }),
      sql`select key, points from rate_limits where key like ${`%:${router}`} order by key`,
    )
    expect(Object.fromEntries(points.map((row) => [row.key.split(':')[0], row.points]))).toEqual({
      'sign-in': 503,
      'sign-in-accounts': 100,
    })
  })

  test('leaves recovery open to those who are refused (fault 27)', async () => {
    const [who] = (await crew(1)) as [Somebody]
    await failed(1000, 300)
    expect((await signIn(who, password)).status).toBe(429)
    expect((await sent(house.visitor(), '/forgot-password', { email: who.email })).status).toBe(303)
    await house.work()
    expect(await house.lettersTo(who)).toHaveLength(1)
  })
})

async function throttledNetworks() {
  const all = sql`select count(*) from activity_log where event = 'sign_in_throttled' and details ->> 'network' = 'true'`
  return (await one(house.db, Count, all)).count
}
