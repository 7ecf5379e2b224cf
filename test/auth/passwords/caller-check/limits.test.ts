import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../../src/platform/db.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { textOf, type HttpClient } from '../../../support/http-client.ts'
import { activityFor, type TestUser } from '../../../support/people.ts'
import { resetRateLimits } from '../../../support/rate-limits.ts'
import { answer, emailedCode, formOf, sendCode, wrongFor } from '../../../support/caller-check.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))
const worker = (traits = {}) =>
  app.createUser({ name: 'Gus Guessed', role: 'Fieldworker', team: 'North', ...traits })
const failed = (who: TestUser) => activityFor(app.db, who, 'caller_check_failed')

/** Sends these answers at once, each with the same token. */
async function atOnce(by: HttpClient, to: TestUser, codes: string[]) {
  const _csrf = await by.token(formOf(to))
  const sent = codes.map(async (code) => by.postBare(`/users/${to.id}/caller-check/code`, { _csrf, code }))
  return (await Promise.all(sent)).map(({ status }) => status)
}
const count = (statuses: number[], wanted: number) => statuses.filter((status) => status === wanted).length

describe('row 211, ASVS 6.6.3: guessing is limited', () => {
  test('row 211: three wrong codes end it: then even the right one is 429, and a new one works', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    for (const [by, told] of [
      [1, '2 tries left.'],
      [2, '1 try left.'],
      [3, 'It no longer works: send another.'],
    ] as const) {
      const answered = await answer(desk, who, { code: wrongFor(code, by) })
      expect(answered.status).toBe(422)
      expect(textOf(answered.text)).toContain(told)
    }
    const after = await answer(desk, who, { code })
    expect(after.status).toBe(429)
    expect(Number(after.headers['retry-after'])).toBeGreaterThan(0)
    expect(textOf(after.text)).toContain(
      'Three wrong codes were entered, so this one no longer works. Send another.',
    )
    expect(await activityFor(app.db, who, 'caller_checked')).toEqual([])
    expect(await failed(who)).toMatchObject([{ actor_id: app.cast.dispatcher.id, details: { tries: 3 } }])
    await sendCode(desk, who)
    expect((await answer(desk, who, { code: await emailedCode(app, who) })).status).toBe(303)
  })

  test('row 211: what is no code at all uses up no try', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    for (const typed of ['', '12345', 'abcdef', '1234567'])
      expect((await answer(desk, who, { code: typed })).status).toBe(422)
    expect((await answer(desk, who, { code })).status).toBe(303)
  })

  test('row 211: sixty wrong ones at once are checked three times, and recorded once', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const statuses = await atOnce(
      desk,
      who,
      Array.from({ length: 60 }, (_, i) => wrongFor(code, i + 1)),
    )
    expect([count(statuses, 422), count(statuses, 429)]).toEqual([3, 57])
    expect(await failed(who)).toHaveLength(1)
    expect((await answer(desk, who, { code })).status).toBe(429)
  })

  test('row 211: the right one sixty times at once counts once', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const statuses = await atOnce(desk, who, Array<string>(60).fill(code))
    expect(count(statuses, 303)).toBe(1)
    expect(await activityFor(app.db, who, 'caller_checked')).toHaveLength(1)
  })

  test('row 211: new codes do not reset the wrong ones of a worker: ten in a day, by any of the office', async () => {
    const who = await worker()
    const desks = [
      await app.as('admin'),
      await app.as('owner'),
      await app.as('dispatcher'),
      await app.as('admin'),
    ]
    const statuses: number[] = []
    for (const desk of desks) {
      await sendCode(desk, who)
      const code = await emailedCode(app, who)
      for (let i = 1; i <= 3; i++)
        statuses.push((await answer(desk, who, { code: wrongFor(code, i) })).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429])
    const desk = await app.as('dispatcher')
    const right = await answer(desk, who, { code: await emailedCode(app, who) })
    expect(right.status).toBe(429)
    expect(textOf(right.text)).toContain('Too many wrong codes')
    expect(await activityFor(app.db, who, 'caller_checked')).toEqual([])
  })

  test('row 211: a right code costs nothing of those limits', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    const left = await app.db.query(
      sql`select sum(points)::int as points from rate_limits where key like 'caller-wrong-%'`,
    )
    expect(left.rows).toEqual([{ points: 0 }])
  })

  test('row 211: a worker gets five codes in an hour, by any of the office', async () => {
    const who = await worker()
    const desks = [await app.as('admin'), await app.as('owner'), await app.as('dispatcher')]
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await sendCode(desks[i % 3] as HttpClient, who)).status)
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
    await app.runJobs()
    expect(await app.emailsTo(who)).toHaveLength(5)
  })

  test('row 211: an office person sends twenty in an hour, and others still can', async () => {
    const [admin, owner] = [await app.as('admin'), await app.as('owner')]
    const statuses: number[] = []
    for (let i = 0; i < 21; i++) statuses.push((await sendCode(admin, await worker())).status)
    expect(statuses).toEqual([...Array<number>(20).fill(303), 429])
    expect((await sendCode(owner, await worker())).status).toBe(303)
  })

  test('row 211: a network sends a hundred in an hour', async () => {
    const [admin, owner, who] = [await app.as('admin'), await app.as('owner'), await worker()]
    await sendCode(admin, await worker())
    await run(app.db, sql`update rate_limits set points = 100 where key like 'caller-code-network:%'`)
    const refused = await sendCode(owner, who)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(await activityFor(app.db, who, 'caller_code_sent')).toEqual([])
  })
})
