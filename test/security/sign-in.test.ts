import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
const somebody = () => app.createUser({ name: 'Lars Ladder', role: 'Fieldworker' })
const attempt = ({ email }: Pick<TestUser, 'email'>, typed: string) =>
  app.client().post('/sign-in', { email, password: typed })

beforeEach(async () => {
  await run(app.db, sql`delete from rate_limits`)
  await run(app.db, sql`delete from password_failures`)
})

/** As if somebody had been wrong so many times in a row, and had waited. */
const wrongSoFar = (failures: number) =>
  run(app.db, sql`update password_failures set failures = ${failures}, open_at = '-infinity'`)

test('row 31, ASVS 6.3.1: the wait grows with failed attempts, and applies to the right password too', async () => {
  const who = await somebody()
  await attempt(who, 'wrong')
  for (const [before, seconds] of [
    [4, 30],
    [9, 5 * 60],
    [19, 15 * 60],
    [49, 60 * 60],
    [98, 60 * 60],
  ] as const) {
    await wrongSoFar(before)
    expect((await attempt(who, 'wrong')).status).toBe(422)
    const { status, headers } = await attempt(who, password)
    expect([before, status]).toEqual([before, 429])
    expect(Number(headers['retry-after'])).toBeGreaterThan(seconds - 25)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(seconds)
  }
})

test('row 32, NIST 3.2.2: a password disabled after a hundred failures works again only after a reset by link', async () => {
  const who = await somebody()
  await attempt(who, 'wrong')
  await wrongSoFar(99)
  await attempt(who, 'wrong')
  await run(
    app.db,
    sql`update password_failures set open_at = '-infinity', last_at = now() - interval '40 days'`,
  )
  const refused = await attempt(who, password)
  expect([refused.status, textOf(refused.text)]).toEqual([422, expect.stringContaining('don’t match')])

  const client = app.client()
  await client.post('/forgot-password', { email: who.email })
  await app.runJobs()
  const [email] = await app.emailsTo(who)
  await client.get(new URL(email?.link ?? '').pathname)
  const newPassword = 'violin trunk harvest 58 otter'
  await client.post('/reset-password', { newPassword, confirmPassword: newPassword })
  await app.signIn(who, false, newPassword)
})

test('row 43, ASVS 4.1.3: without a trusted proxy, no header changes the network of a request', async () => {
  await attempt({ email: 'first@firm.test' }, 'wrong')
  await run(app.db, sql`update rate_limits set points = 970 where key = 'sign-in:127.0.0.1'`)
  const client = app.client()
  const statuses = []
  for (let i = 0; i < 31; i++) {
    const _csrf = await client.token('/sign-in')
    const claimed = `203.0.113.${i}`
    const answer = await client
      .postBare('/sign-in', { _csrf, email: `spoof${i % 8}@firm.test`, password: 'wrong' })
      .set({ 'X-Forwarded-For': claimed, 'X-Real-IP': claimed, 'CF-Connecting-IP': claimed })
      .set({ 'True-Client-IP': claimed, 'X-Client-IP': claimed, Forwarded: `for=${claimed}` })
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([...Array<number>(30).fill(422), 429])
  const logged = await many(
    app.db,
    z.object({ ip: z.string() }),
    sql`select distinct host(ip::inet) as ip from activity_log where event = 'sign_in_failed' and details ->> 'reason' = 'unknown_account'`,
  )
  expect(logged).toEqual([{ ip: '127.0.0.1' }])
})
