import { beforeEach, describe, expect, test } from 'vitest'
import { Count, many, one, run, sql } from '../../src/platform/db.ts'
import { z } from 'zod'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp({ TRUST_PROXY: '1' })
const router = '203.0.113.60'
const good = 'violin trunk harvest 58 otter'

beforeEach(async () => {
  await run(app.db, sql`delete from rate_limits`)
  await run(app.db, sql`delete from password_failures`)
})

/** So many people, none with a known browser. */
const crew = (size: number, more = {}) =>
  Promise.all(
    Array.from({ length: size }, () => app.createUser({ name: 'Moe Monday', role: 'Fieldworker', ...more })),
  )

/** A form, sent by way of the router that all of them sit behind. */
async function sent(client: HttpClient, address: string, fields: Record<string, string>, from = router) {
  const _csrf = await client.token(address)
  return client.postBare(address, { _csrf, ...fields }).set('X-Forwarded-For', from)
}
const signIn = ({ email }: Pick<TestUser, 'email'>, typed: string, client = app.client(), from = router) =>
  sent(client, '/sign-in', { email, password: typed }, from)

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
  await run(app.db, sql`update rate_limits set points = ${attempts} where key = ${`sign-in:${router}`}`)
  await run(
    app.db,
    sql`update rate_limits set points = ${accounts} where key = ${`sign-in-accounts:${router}`}`,
  )
}

describe('behind one router', () => {
  test('two hundred people mistype once and all sign in, and so does the office (fault 27)', async () => {
    const people = await crew(200)
    const shared = app.client()
    const _csrf = await shared.token('/sign-in')
    const mistype = ({ email }: TestUser) =>
      shared.postBare('/sign-in', { _csrf, email, password: 'mistyped' }).set('X-Forwarded-For', router)
    expect(statuses(await each(people, async (who) => mistype(who)))).toEqual([422])
    expect(statuses(await each(people, (who) => signIn(who, password)))).toEqual([303])
    expect((await signIn(app.cast.admin, password)).status).toBe(303)
  }, 120_000)

  test('two hundred people forgot their password, and each gets a link (fault 27)', async () => {
    const people = await crew(200)
    const ask = ({ email }: TestUser) => sent(app.client(), '/forgot-password', { email })
    expect(statuses(await each(people, ask))).toEqual([303])
    await app.runJobs()
    const { count } = await one(
      app.db,
      Count,
      sql`select count(distinct to_address) from emails
          where template = 'password_reset' and to_address = any(${people.map(({ email }) => email)}::text[])`,
    )
    expect(count).toBe(200)
  }, 120_000)

  test('sixty people open an incomplete link: each page says so, and the real links work (fault 27)', async () => {
    const [who] = await crew(1)
    await sent(app.client(), '/forgot-password', { email: who?.email ?? '' })
    await app.runJobs()
    const [email] = await app.emailsTo(who as TestUser)
    const path = new URL(email?.link ?? '').pathname
    const open = (address: string, client = app.client()) =>
      client.get(address).set('X-Forwarded-For', router)
    for (let place = 0; place < 60; place++) {
      const answer = await open(path.slice(0, -4))
      expect([410, 429]).toContain(answer.status)
      expect(textOf(answer.text)).toContain('The link may be incomplete')
    }
    const client = app.client()
    expect((await open(path, client)).headers.location).toBe('/reset-password')
    const answer = await sent(client, '/reset-password', { newPassword: good, confirmPassword: good })
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
  })

  test('the two hundredth verification email is still sent (fault 27)', async () => {
    const client = app.client()
    const [who] = (await crew(1, { verified: false })) as [TestUser]
    await signIn(who, password, client)
    await run(
      app.db,
      sql`insert into rate_limits values (${`mail-link-network:${router}`}, 199, extract(epoch from now()) * 1000 + 60000)`,
    )
    const _csrf = await client.token('/account')
    const answer = await client
      .postBare('/account/email-verification', { _csrf })
      .set('X-Forwarded-For', router)
    expect(answer.status).toBe(303)
  })

  test('one person’s repeated requests use up nothing of the others (fault 27)', async () => {
    const [impatient, other] = await crew(2, { verified: false })
    const client = app.client()
    await signIn(impatient as TestUser, password, client)
    const _csrf = await client.token('/account')
    for (let place = 0; place < 10; place++)
      await client.postBare('/account/email-verification', { _csrf }).set('X-Forwarded-For', router)
    const network = await one(
      app.db,
      Count,
      sql`select points as count from rate_limits where key = ${`mail-link-network:${router}`}`,
    )
    expect(network.count).toBe(1)
    expect((await signIn(other as TestUser, password)).status).toBe(303)
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
    expect((await signIn({ email: 'spray0@firm.test' }, 'wrong', app.client(), '203.0.113.61')).status).toBe(
      422,
    )
  })

  test('of many passwords is stopped at a thousand, and the log records it once (fault 27)', async () => {
    await failed(998, 10)
    const before = await throttledNetworks()
    const answers = []
    for (const email of ['one@firm.test', 'two@firm.test', 'two@firm.test', 'three@firm.test'])
      answers.push((await signIn({ email }, 'wrong')).status)
    expect(answers).toEqual([422, 422, 429, 429])
    expect(await throttledNetworks()).toBe(before + 1)
  })

  test('stops unknown browsers, and lets known ones sign in (fault 27)', async () => {
    const [worker, stranger] = (await crew(2)) as [TestUser, TestUser]
    const [known, office] = [app.client(), app.client()]
    await signIn(worker, password, known)
    await signIn(app.cast.admin, password, office)
    await failed(1000, 300)
    expect((await signIn(stranger, password)).status).toBe(429)
    expect((await signIn(worker, password, app.client())).status).toBe(429)
    for (const [who, client] of [
      [worker, known],
      [app.cast.admin, office],
    ] as const) {
      await client.post('/sign-out', {}, '/account')
      expect((await signIn(who, 'mistyped', client)).status).toBe(422)
      expect((await signIn(who, password, client)).status).toBe(303)
    }
    // Known to one account is not known to another.
    await known.post('/sign-out', {}, '/account')
    expect((await signIn(stranger, password, known)).status).toBe(429)
  })

  test('is not reset by an account that signs in each time, however many concurrent sign-ins (fault 27)', async () => {
    const [own] = (await crew(1)) as [TestUser]
    await failed(500, 100)
    await Promise.all(Array.from({ length: 4 }, () => signIn(own, password)))
    for (let round = 0; round < 3; round++) {
      await signIn(own, 'wrong')
      await signIn(own, password)
    }
    const points = await many(
      app.db,
      z.object({ key: z.string(), points: z.number() }),
      sql`select key, points from rate_limits where key like ${`%:${router}`} order by key`,
    )
    expect(Object.fromEntries(points.map((row) => [row.key.split(':')[0], row.points]))).toEqual({
      'sign-in': 503,
      'sign-in-accounts': 100,
    })
  })

  test('leaves recovery open to people who are throttled (fault 27)', async () => {
    const [who] = (await crew(1)) as [TestUser]
    await failed(1000, 300)
    expect((await signIn(who, password)).status).toBe(429)
    expect((await sent(app.client(), '/forgot-password', { email: who.email })).status).toBe(303)
    await app.runJobs()
    expect(await app.emailsTo(who)).toHaveLength(1)
  })
})

async function throttledNetworks() {
  const all = sql`select count(*) from activity_log where event = 'sign_in_throttled' and details ->> 'network' = 'true'`
  return (await one(app.db, Count, all)).count
}
