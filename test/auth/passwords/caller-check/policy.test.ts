import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Db, run, sql } from '../../../../src/platform/db.ts'
import { superuserOf } from '../../../support/database.ts'
import { everything } from '../../../support/everything.ts'
import { inFlight } from '../../../support/in-flight.ts'
import { policy as policyFields } from '../../../support/made-for-actions.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { textOf } from '../../../support/http-client.ts'
import { activityFor, type TestUser } from '../../../support/people.ts'
import { resetRateLimits } from '../../../support/rate-limits.ts'
import {
  answer,
  change,
  emailedCode,
  formOf,
  newPassword,
  policy,
  sendCode,
  wrongFor,
} from '../../../support/caller-check.ts'

const app = createTestApp()
let holder: Db
beforeAll(() => {
  holder = new Db(superuserOf(app.connectionString), { max: 1 })
})
afterAll(() => holder.close())
beforeEach(async () => {
  await resetRateLimits(app.db)
  await policy(app, 'off')
})

const worker = (traits = {}) =>
  app.createUser({ name: 'Ron Required', role: 'Fieldworker', team: 'North', ...traits })
const reason = 'Their phone fell into the river'
const changes = async (who: TestUser) =>
  (await activityFor(app.db, who, 'password_change')).map(({ details }) => details)
const checks = async (who: TestUser) =>
  (await activityFor(app.db, who, 'caller_checked')).map(({ details }) => details)
const asks = 'Your company requires it: check the caller, or say why you could not.'

describe('row 215, ASVS 8.3.1: the policy is decided on the server', () => {
  test('row 215: off, a change without a check goes through, and the event has none', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    expect((await change(desk, who)).status).toBe(303)
    expect((await changes(who))[0]).not.toHaveProperty('caller_check')
  })

  test('row 215: required, a change without a check is 422 beside the field and changes nothing', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await desk.get(formOf(who))
    const before = await everything(app.db)
    const refused = await change(desk, who)
    expect(refused.status).toBe(422)
    expect(textOf(refused.text)).toContain(asks)
    expect(await everything(app.db)).toEqual(before)
  })

  test('row 215: required, both faults are told at once', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    const refused = await change(desk, who, { newPassword: 'short', confirmPassword: 'short' })
    expect(textOf(refused.text)).toContain(asks)
    expect(textOf(refused.text)).toContain('Use at least 12 characters')
  })

  test('row 215: required, a code that was read back lets it through', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    expect((await change(desk, who)).status).toBe(303)
    expect(await changes(who)).toMatchObject([{ caller_check: 'code' }])
    const again = await change(desk, who, {
      newPassword: 'quiet lantern bridge 41',
      confirmPassword: 'quiet lantern bridge 41',
    })
    expect(again.status).toBe(422)
  })

  test.each([
    ['I recognised them', { outcome: 'recognised' }, { caller_check: 'recognised' }],
    [
      'Could not check',
      { outcome: 'not_checked', reason },
      { caller_check: 'not_checked', caller_check_reason: reason },
    ],
  ])('row 215: required, “%s” lets it through, said before or with Save', async (_, fields, details) => {
    await policy(app, 'required')
    const desk = await app.as('dispatcher')
    const [before, together] = [await worker(), await worker()]
    expect((await answer(desk, before, fields)).status).toBe(303)
    expect((await change(desk, before)).status).toBe(303)
    expect((await change(desk, together, fields)).status).toBe(303)
    for (const who of [before, together]) {
      expect(await changes(who)).toMatchObject([details])
      expect(await checks(who)).toMatchObject([fields])
    }
  })

  test.each([
    ['an unknown outcome', { outcome: 'surely' }],
    ['not checked and no reason', { outcome: 'not_checked' }],
    ['not checked and a reason of one word', { outcome: 'not_checked', reason: 'broken' }],
    ['a code that was never sent', { outcome: 'code', code: '123456' }],
    ['an outcome without a code', { outcome: 'code' }],
  ])('row 215: required, %s is 422 without effect', async (_, fields) => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await desk.get(formOf(who))
    const before = await everything(app.db)
    expect((await change(desk, who, fields)).status).toBe(422)
    expect((await answer(desk, who, fields)).status).toBe(422)
    expect(await everything(app.db)).toEqual(before)
  })

  test('row 215: a code typed and saved at once is checked first', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const wrong = await change(desk, who, { outcome: 'code', code: wrongFor(code) })
    expect(wrong.status).toBe(422)
    expect(textOf(wrong.text)).toContain('That is not the code that was sent. 2 tries left.')
    expect(await changes(who)).toEqual([])
    expect((await change(desk, who, { outcome: 'code', code })).status).toBe(303)
    expect(await changes(who)).toMatchObject([{ caller_check: 'code' }])
  })

  test('row 215: a rejected password does not use the check up', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    expect((await change(desk, who, { newPassword: 'short', confirmPassword: 'short' })).status).toBe(422)
    expect((await change(desk, who)).status).toBe(303)
    expect(await changes(who)).toMatchObject([{ caller_check: 'code' }])
  })

  test('row 215: a policy that begins to require it while the change is under way holds', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const _csrf = await desk.token(formOf(who))
    const fields = { _csrf, newPassword, confirmPassword: newPassword, mustChange: '1' }
    const {
      answer: answered,
      waited,
      meanwhile,
    } = await inFlight(
      holder,
      sql`select from company for update`,
      () => desk.postBare(formOf(who), fields),
      async (tx) => {
        await run(tx, sql`update company set caller_check = 'required'`)
        return everything(tx)
      },
    )
    expect(waited).toBe(true)
    expect(answered.status).toBe(422)
    expect(textOf(answered.text)).toContain(asks)
    expect(await everything(holder)).toEqual(meanwhile)
  })

  test('row 215: a check that another change uses up meanwhile counts once', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await policy(app, 'required')
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    const _csrf = await desk.token(formOf(who))
    const passwords = Array.from({ length: 6 }, (_, i) => `quiet lantern bridge 4${i}`)
    const answers = await Promise.all(
      passwords.map(async (each) =>
        desk.postBare(formOf(who), { _csrf, newPassword: each, confirmPassword: each, mustChange: '1' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await changes(who)).toHaveLength(1)
  })

  test('row 215: outcome and reason are in the CSV and, in words, in the history of the person', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const theirs = await app.signIn(who)
    await change(desk, who, { outcome: 'not_checked', reason, endSessions: '' })
    const csv = (await (await app.as('admin')).get('/activity-log.csv?event=password_change')).text
    expect(csv).toContain('""caller_check"": ""not_checked""')
    expect(csv).toContain(`""caller_check_reason"": ""${reason}""`)
    await theirs.get('/account/activity')
    const own = await app.client().signIn(who.email, newPassword)
    const forced = await own.post('/account/password', {
      currentPassword: newPassword,
      newPassword: 'quiet lantern bridge 41',
      confirmPassword: 'quiet lantern bridge 41',
    })
    expect(forced.status).toBe(303)
    const history = textOf((await own.get('/account/activity')).text)
    expect(history).toContain('Tom Dispatcher could not check the caller who is said to be')
    expect(history.split(`The caller was not checked: “${reason}”.`)).toHaveLength(3)
  })

  test('row 215: the policy page sets it, says so in the log, and shows it', async () => {
    const owner = await app.as('owner')
    const path = '/settings/company/security'
    const save = async (more: Record<string, string>) =>
      owner.post(path, { ...(await policyFields(app)).fields, ...more })
    expect((await save({ callerCheck: 'required' })).status).toBe(303)
    expect((await owner.get(path)).text).toMatch(/name="callerCheck" value="required"\s+checked/)
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    expect((await change(desk, who)).status).toBe(422)
    expect((await save({ callerCheck: 'maybe' })).status).toBe(422)
    expect((await save({ callerCheck: 'off' })).status).toBe(303)
    expect((await change(desk, who)).status).toBe(303)
    const { rows } = await app.db.query(
      sql`select details ->> 'before' as before, details ->> 'after' as after from activity_log
          where event = 'policy_changed' and details ->> 'setting' = 'caller check' order by seq`,
    )
    expect(rows).toEqual([
      { before: 'off', after: 'required' },
      { before: 'required', after: 'off' },
    ])
  })
})
