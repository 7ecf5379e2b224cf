import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { codeOf, typedCode } from '../../../../src/auth/passwords/caller-check/code.ts'
import { many, Sql, type Queryable } from '../../../../src/platform/db.ts'
import { z } from 'zod'
import { tables } from '../../../support/everything.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { textOf } from '../../../support/http-client.ts'
import { activityFor, password } from '../../../support/people.ts'
import { resetRateLimits } from '../../../support/rate-limits.ts'
import {
  age,
  answer,
  change,
  emailedCode,
  formOf,
  sendCode,
  wrongFor,
} from '../../../support/caller-check.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))
const worker = (traits = {}) =>
  app.createUser({ name: 'Carla Caller', role: 'Fieldworker', team: 'North', ...traits })
const outcomes = async (who: { id: string; name: string; email: string }) =>
  (await activityFor(app.db, who, 'caller_checked')).map(({ details }) => details.outcome)

describe('row 209, ASVS 6.5.3: the code', () => {
  test('row 209: of 10 000 codes each digit comes up evenly in each of the six places', () => {
    const key = randomBytes(32)
    const source = () => ({ id: randomUUID(), userId: 'u', officeId: 'o', nonce: randomBytes(32) })
    const codes = Array.from({ length: 10_000 }, () => codeOf(key, source()))
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true)
    for (let place = 0; place < 6; place++)
      for (let digit = 0; digit < 10; digit++) {
        // 1000 expected, with a standard deviation of 30; seven of them either way
        const count = codes.filter((code) => code[place] === String(digit)).length
        expect([place, digit, count > 790 && count < 1210]).toEqual([place, digit, true])
      }
    expect(new Set(codes).size).toBeGreaterThan(9_850)
  })

  test('row 209: another key, worker, office person or nonce gives another code', () => {
    const source = { id: randomUUID(), userId: 'u', officeId: 'o', nonce: randomBytes(32) }
    const key = randomBytes(32)
    const others = [
      codeOf(randomBytes(32), source),
      codeOf(key, { ...source, userId: 'v' }),
      codeOf(key, { ...source, officeId: 'p' }),
      codeOf(key, { ...source, nonce: randomBytes(32) }),
    ]
    expect(codeOf(key, source)).toBe(codeOf(key, { ...source }))
    expect(others.filter((code) => code === codeOf(key, source)).length).toBeLessThan(2)
  })

  test.each([
    ['418302', '418302'],
    [' 418 302 ', '418302'],
    ['418-302', '418302'],
    ['４１８３０２', '418302'],
    ['٤١٨٣٠٢', '418302'],
    ['41830', undefined],
    ['4183021', undefined],
    ['41830x', undefined],
    ['', undefined],
  ])('is read as people type it: %j', (typed, read) => expect(typedCode(typed)).toBe(read))

  test('row 209: read back within five minutes it counts, and the log says so', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const sent = await sendCode(desk, who)
    expect([sent.status, sent.headers.location]).toEqual([303, formOf(who)])
    expect(textOf((await desk.get(formOf(who))).text)).toMatch(/Sent at \d\d:\d\d to carla\.caller/)
    const code = await emailedCode(app, who)
    expect((await answer(desk, who, { code })).status).toBe(303)
    expect(textOf((await desk.get(formOf(who))).text)).toContain('They read back the code')
    expect(await activityFor(app.db, who)).toMatchObject([
      { event: 'caller_code_sent', actor_id: app.cast.dispatcher.id },
      { event: 'caller_checked', actor_id: app.cast.dispatcher.id, details: { outcome: 'code' } },
    ])
  })

  test.each([
    ['4:50', 290, 303],
    ['5:01', 301, 422],
  ])('row 209: at %s', async (_, seconds, status) => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    await age(app, who, seconds)
    expect((await answer(desk, who, { code })).status).toBe(status)
    expect(await outcomes(who)).toEqual(status === 303 ? ['code'] : [])
  })

  test('row 209: used, it is refused', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    expect((await answer(desk, who, { code })).status).toBe(303)
    expect((await answer(desk, who, { code })).status).toBe(422)
    expect(await outcomes(who)).toEqual(['code'])
  })

  test('row 209: it is in no table, no page of the office and no event', async () => {
    const [who, desk] = [await worker(), await app.as('admin')]
    const pages: string[] = []
    const look = async (
      addresses = [formOf(who), `/fieldworkers/${who.id}`, '/activity-log', '/email-log'],
    ) => {
      for (const address of addresses) pages.push(textOf((await desk.get(address)).text))
    }
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    await look()
    const wrong = await answer(desk, who, { code: wrongFor(code) })
    pages.push(wrong.text.replace(wrongFor(code), ''))
    await answer(desk, who, { code })
    await look()
    pages.push((await desk.get('/activity-log.csv')).text)
    const found = pages.filter((page) => page.includes(code) || page.includes(code.replace(' ', '')))
    expect(found).toEqual([])
    expect(await rowsWith(app.db, who.email)).toContain('public.emails')
    expect(await rowsWith(app.db, code)).toEqual([])
    expect(await rowsWith(app.db, code.replace(' ', ''))).toEqual([])
  })
})

/** The tables that hold these words in any column, as text or bytes. Times and counts have digits, too: whole words only. */
async function rowsWith(db: Queryable, words: string): Promise<string[]> {
  const whole = new RegExp(`(?<![\\d.:-])${words}(?!\\d)|${Buffer.from(words).toString('hex')}`)
  const found: string[] = []
  for (const name of await tables(db, [])) {
    const rows = await many(
      db,
      z.object({ text: z.string() }),
      new Sql(`select t::text as text from ${name} t`, []),
    )
    if (rows.some(({ text }) => whole.test(text))) found.push(name)
  }
  return found
}

describe('row 210, ASVS 6.6.2: the code is bound', () => {
  test('row 210: to the office person who sent it', async () => {
    const who = await worker()
    const [admin, owner] = [await app.as('admin'), await app.as('owner')]
    await sendCode(admin, who)
    const code = await emailedCode(app, who)
    expect((await answer(owner, who, { code })).status).toBe(422)
    expect((await answer(admin, who, { code })).status).toBe(303)
  })

  test('row 210: to the worker it was sent to', async () => {
    const [who, other, admin] = [await worker(), await worker(), await app.as('admin')]
    await sendCode(admin, who)
    const code = await emailedCode(app, who)
    expect((await answer(admin, other, { code })).status).toBe(422)
    await sendCode(admin, other)
    if ((await emailedCode(app, other)) !== code)
      expect((await answer(admin, other, { code })).status).toBe(422)
    expect(await outcomes(other)).toEqual([])
  })

  test('row 210: a newer one replaces it, also one by somebody else of the office', async () => {
    const who = await worker()
    const [admin, owner] = [await app.as('admin'), await app.as('owner')]
    await sendCode(admin, who)
    const first = await emailedCode(app, who)
    await sendCode(owner, who)
    expect((await answer(admin, who, { code: first })).status).toBe(422)
    expect(textOf((await admin.get(formOf(who))).text)).toContain('Send another')
    expect(await outcomes(who)).toEqual([])
  })

  test('row 210: one action uses the outcome up, and a second one has none', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    expect((await change(desk, who)).status).toBe(303)
    const again = { newPassword: 'quiet lantern bridge 41', confirmPassword: 'quiet lantern bridge 41' }
    expect((await change(desk, who, again)).status).toBe(303)
    const changes = await activityFor(app.db, who, 'password_change')
    expect(changes.map(({ details }) => details.caller_check)).toEqual(['code', undefined])
  })

  test.each([
    ['9:50 later it counts', 590, 'code'],
    ['10:01 later it does not', 601, undefined],
    ['16 minutes later it does not', 960, undefined],
  ])('row 210: %s', async (_, seconds, expected) => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    await age(app, who, seconds)
    expect((await change(desk, who)).status).toBe(303)
    expect((await activityFor(app.db, who, 'password_change'))[0]?.details.caller_check).toBe(expected)
  })

  test('row 210: the outcome of one office person is none for another', async () => {
    const who = await worker()
    const [admin, owner] = [await app.as('admin'), await app.as('owner')]
    await sendCode(admin, who)
    await answer(admin, who, { code: await emailedCode(app, who) })
    expect((await change(owner, who)).status).toBe(303)
    expect((await activityFor(app.db, who, 'password_change'))[0]?.details).not.toHaveProperty('caller_check')
  })
})

describe('row 212, ASVS 6.3.6: the code signs nobody in', () => {
  test('row 212: at sign-in it is a wrong password like any other, and counts', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const stranger = app.client()
    for (const typed of [code, code.replace(' ', ''), code, code, code])
      expect((await stranger.post('/sign-in', { email: who.email, password: typed })).status).toBe(422)
    expect((await stranger.post('/sign-in', { email: who.email, password })).status).toBe(429)
    expect((await stranger.get('/account')).status).toBe(303)
  })

  test('row 212: as a link to reset a password it is unknown, and the code still works afterwards', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    expect((await app.client().get(`/reset-password/${code.replace(' ', '')}`)).status).toBe(410)
    expect((await answer(desk, who, { code })).status).toBe(303)
  })

  test('row 212: it proves nobody at step-up', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const theirs = await app.signIn(who)
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const answered = await theirs.post('/confirm-password', { password: code, next: '/account' })
    expect(answered.status).toBe(422)
  })
})
