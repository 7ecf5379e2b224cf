import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../../src/platform/db.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { textOf } from '../../../support/http-client.ts'
import { activityFor, type TestUser } from '../../../support/people.ts'
import { resetRateLimits } from '../../../support/rate-limits.ts'
import { age, answer, change, emailedCode, formOf, sendCode } from '../../../support/caller-check.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))
const worker = (traits = {}) =>
  app.createUser({ name: 'Nora Near', role: 'Fieldworker', team: 'North', ...traits })
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'
const onPhone = (who: TestUser) => app.client(phone).signIn(who.email, 'amber kettle orchard 93')
const refusals = (who: TestUser) => activityFor(app.db, who, 'caller_code_refused')

describe('row 213, ASVS 6.4.4: sent only to what the worker had before', () => {
  test('row 213: an unverified address is not offered a code, and none is sent when it is asked for', async () => {
    const [who, desk] = [await worker({ verified: false }), await app.as('dispatcher')]
    const page = (await desk.get(formOf(who))).text
    expect(page).not.toContain('Send code')
    expect(textOf(page)).toContain('No code: their email address is not verified.')
    const refused = await sendCode(desk, who)
    expect(refused.status).toBe(422)
    await app.runJobs()
    expect(await app.emailsTo(who)).toEqual([])
    expect(await activityFor(app.db, who)).toEqual([])
  })

  test('row 213: an address changed less than seven days ago is warned about, and the events say it', async () => {
    const [who, admin] = [await worker(), await app.as('admin')]
    const email = `nora.new.${who.id.slice(0, 8)}@firm.test`
    await run(app.db, sql`update users set email = ${email} where id = ${who.id}`)
    expect(textOf((await admin.get(formOf(who))).text)).toContain('This address is new. It was changed on')
    await sendCode(admin, who)
    await answer(admin, who, { code: await emailedCode(app, { ...who, email }) })
    for (const event of ['caller_code_sent', 'caller_checked'])
      expect((await activityFor(app.db, who, event))[0]?.details).toHaveProperty('email_changed_at')
  })

  test.each([
    ['6 days and 23 hours', '6 days 23 hours', true],
    ['7 days and an hour', '7 days 1 hour', false],
  ])('row 213: changed %s ago', async (_, ago, warned) => {
    const [who, admin] = [await worker(), await app.as('admin')]
    await run(app.db, sql`update users set email_changed_at = now() - ${ago}::interval where id = ${who.id}`)
    expect(textOf((await admin.get(formOf(who))).text).includes('This address is new.')).toBe(warned)
    await sendCode(admin, who)
    const [sent] = await activityFor(app.db, who, 'caller_code_sent')
    expect('email_changed_at' in (sent?.details ?? {})).toBe(warned)
  })

  test('row 213: the office cannot choose the address', async () => {
    const [who, admin] = [await worker(), await app.as('admin')]
    const fields = { email: 'thief@firm.test', to: 'thief@firm.test', phone: '+44 20 7946 0018' }
    await admin.post(`/users/${who.id}/caller-check`, fields, formOf(who))
    await app.runJobs()
    expect(await app.emailsTo(who)).toHaveLength(1)
    expect(await app.emailsTo({ ...who, email: 'thief@firm.test' })).toEqual([])
  })

  test('row 213: /m and /account show it to the person who is signed in, until it is answered', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const [mobile, pc] = [await onPhone(who), await app.signIn(who)]
    expect((await mobile.get('/m')).text).not.toContain('The office is asking')
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    for (const page of [(await mobile.get('/m')).text, (await pc.get('/account')).text]) {
      expect(textOf(page)).toContain(
        'Tom Dispatcher wants to be sure that it is you on the phone. Read this out:',
      )
      expect(page).toContain(`>${code}<`)
    }
    expect((await (await app.as('sam')).get('/account')).text).not.toContain(code)
    expect(textOf((await desk.get(formOf(who))).text)).toContain('and shown on 2 signed-in devices')
    await answer(desk, who, { code })
    expect((await mobile.get('/m')).text).not.toContain('The office is asking')
  })

  test('row 213: /m no longer shows it after five minutes', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const mobile = await onPhone(who)
    await sendCode(desk, who)
    expect((await mobile.get('/m')).text).toContain('The office is asking')
    await age(app, who, 301)
    expect((await mobile.get('/m')).text).not.toContain('The office is asking')
  })

  test('row 213: a temporary password opens no page that shows it', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await change(desk, who)
    const code = await (async () => {
      await sendCode(desk, who)
      return emailedCode(app, who)
    })()
    const theirs = await app.client(phone).signIn(who.email, 'violin trunk harvest 58 otter')
    for (const address of ['/m', '/account', '/m/password', '/account/password'])
      expect((await theirs.get(address)).text).not.toContain(code)
  })

  test('row 213: an admin who works as them neither sees nor refuses it, nor checks callers', async () => {
    const [who, admin, desk] = [await worker(), await app.as('admin'), await app.as('dispatcher')]
    await admin.post(`/users/${who.id}/impersonation`, { reason: 'No job sheet' }, `/fieldworkers/${who.id}`)
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    for (const address of ['/m', '/account']) {
      const page = await admin.get(address)
      expect([page.status, page.text.includes(code)]).toEqual([200, false])
    }
    for (const address of ['/account/caller-code/refuse', `/users/${app.cast.otto.id}/caller-check`])
      expect((await admin.post(address, {}, '/account')).status).toBe(403)
    const answered = await admin.post(`/users/${who.id}/caller-check/code`, { code }, '/account')
    expect(answered.status).toBe(403)
    expect(await refusals(who)).toEqual([])
    expect((await answer(desk, who, { code })).status).toBe(303)
  })
})

describe('row 214: the message defends against the reverse call', () => {
  test('row 214: it names the office person and the company, and what to do', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const [email] = await app.emailsTo(who)
    const text = (email?.text ?? '').replace(/\s+/g, ' ')
    expect(text).toContain('Tom Dispatcher of Acme Field wants to be sure that it is you on the phone.')
    expect(text).toContain('Only if you phoned us. We never phone, write or message you to ask for it')
    expect(text).toContain('It was not me: http')
    expect(email?.html).toContain(code)
    expect(email?.subject).not.toContain(code)
  })

  test('row 214: opening the link changes nothing; its button ends the code, is recorded and the office sees it', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const path = await app.newestLink(who)
    const reader = app.client()
    const page = await reader.get(path)
    expect(page.status).toBe(200)
    expect(textOf(page.text)).toContain('Did you not phone your office?')
    expect(textOf((await desk.get(formOf(who))).text)).toContain('Code the caller reads out')
    const token = path.split('/').at(-1) ?? ''
    expect((await reader.post('/verify-email', { token }, path)).status).toBe(303)
    expect(await refusals(who)).toMatchObject([{ actor_id: who.id, details: { asked_by: 'Tom Dispatcher' } }])
    expect((await answer(desk, who, { code })).status).toBe(422)
    expect(textOf((await desk.get(formOf(who))).text)).toContain('Nora says that they are not on a call.')
    expect((await reader.get('/account')).status).toBe(303)
    expect((await reader.get(path)).status).toBe(410)
  })

  test('row 214: refused after it was read back, the outcome counts for nothing', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    const path = await app.newestLink(who)
    await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect(textOf((await desk.get(formOf(who))).text)).toContain('Nora says that they are not on a call.')
    await change(desk, who)
    expect((await activityFor(app.db, who, 'password_change'))[0]?.details).not.toHaveProperty('caller_check')
  })

  test('row 214: after the password was changed all the same, the link still records that it was not them', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    await sendCode(desk, who)
    await answer(desk, who, { code: await emailedCode(app, who) })
    const path = await app.newestLink(who)
    await change(desk, who)
    await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect(await refusals(who)).toHaveLength(1)
  })

  test('row 214: “I am not on a call” on the phone does the same', async () => {
    const [who, desk] = [await worker(), await app.as('dispatcher')]
    const mobile = await onPhone(who)
    await sendCode(desk, who)
    const code = await emailedCode(app, who)
    const refused = await mobile.post('/account/caller-code/refuse', {}, '/m')
    expect([refused.status, refused.headers.location]).toEqual([303, '/m'])
    const home = (await mobile.get('/m')).text
    expect(textOf(home)).toContain('The code no longer works')
    expect(home).not.toContain(code)
    expect(await refusals(who)).toMatchObject([{ actor_id: who.id }])
    expect((await answer(desk, who, { code })).status).toBe(422)
    const again = await mobile.post('/account/caller-code/refuse', {}, '/m')
    expect(again.status).toBe(303)
    expect(await refusals(who)).toHaveLength(1)
  })
})
