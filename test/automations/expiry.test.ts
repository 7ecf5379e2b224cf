import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { ageOfPassword, anHourLater, on, save, twoWorkers } from '../support/automations.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, password, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'
const own = 'violin trunk harvest 58 otter'

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})
beforeEach(async () => {
  await run(app.db, sql`update automations set switched_on = false`)
  await run(app.db, sql`delete from automation_runs`)
})

const worker = (name: string, verified = true) =>
  app.createUser({ name, role: 'Fieldworker', team: 'North', verified })
const emails = async (who: TestUser, template: string) =>
  (await app.emailsTo(who)).filter((email) => email.template === template)

describe('a reminder', () => {
  const reminders = async (who: TestUser) =>
    (await activityFor(app.db, who, 'password_expiry_reminder_sent')).map(({ details }) => details.days_ahead)
  /** Sets the age limit this many days ahead of the password's age, and runs two workers twice. */
  const runWithDaysLeft = async (who: TestUser, daysLeft: number) => {
    const days = sql`extract(day from now() - u.password_changed_at)::int`
    await run(
      app.db,
      sql`update automations set days = ${daysLeft} + (select ${days} from users u where id = ${who.id}) where key = 'enforce'`,
    )
    for (let round = 0; round < 2; round++) {
      await anHourLater(app)
      await twoWorkers(app)
    }
  }

  test('is sent 14, 7 and 1 days ahead, once each, with two workers', async () => {
    const ada = await worker('Ada Ahead')
    await on(app, admin, 'reminder')
    await ageOfPassword(app, ada, 300)
    for (const [left, sent] of [
      [15, []],
      [14, [14]],
      [8, [14]],
      [7, [14, 7]],
      [2, [14, 7]],
      [1, [14, 7, 1]],
      [0, [14, 7, 1]],
    ] as const) {
      await runWithDaysLeft(ada, left)
      expect([left, await reminders(ada)]).toEqual([left, sent])
    }
    expect(await emails(ada, 'password_expiry_reminder')).toHaveLength(3)
  })

  test('contains no token, and says what will happen', async () => {
    const bo = await worker('Bo Soon')
    await on(app, admin, 'reminder')
    await ageOfPassword(app, bo, 200)
    await runWithDaysLeft(bo, 8)
    const [email] = await emails(bo, 'password_expiry_reminder')
    expect(email?.link).toBeNull()
    expect(email?.text).toContain('/account/password')
    expect(email?.text.replace(/\s+/g, ' ')).toContain('Nothing happens automatically on that day.')
  })

  test('starts again with a new password', async () => {
    const cy = await worker('Cy Changed')
    await on(app, admin, 'reminder')
    await ageOfPassword(app, cy, 100)
    await runWithDaysLeft(cy, 7)
    const newPassword = 'copper lantern meadow 7'
    await (
      await app.signIn(cy)
    ).post('/account/password', { currentPassword: password, newPassword, confirmPassword: newPassword })
    await ageOfPassword(app, cy, 100)
    await runWithDaysLeft(cy, 6)
    expect(await reminders(cy)).toEqual([7, 7])
  })

  test('is not sent for a password that is too old or temporary, or to exempted people', async () => {
    const [past, temporary, exempted] = [
      await worker('Pia Past'),
      await worker('Tia Temporary'),
      await worker('Exa Exempt'),
    ]
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() + interval '20 hours' where id = ${temporary.id}`,
    )
    await save(admin, 'enforce', { days: '365', exempt: exempted.email })
    await on(app, admin, 'reminder')
    await ageOfPassword(app, past, 366)
    for (const who of [temporary, exempted]) await ageOfPassword(app, who, 360)
    await twoWorkers(app)
    for (const who of [past, temporary, exempted]) expect(await reminders(who)).toEqual([])
  })
})

describe('an expired password', () => {
  async function expire(...people: TestUser[]) {
    for (const who of people) await ageOfPassword(app, who, 365)
    await on(app, admin, 'enforce', { days: '365', graceHours: '12' })
    await twoWorkers(app)
  }
  const endGrace = ({ id }: TestUser) =>
    run(app.db, sql`update users set password_grace_until = now() - interval '1 minute' where id = ${id}`)

  test('ends no session: people who are signed in can continue, and see until when', async () => {
    const ada = await worker('Ada AtWork')
    const device = await app.signIn(ada, true)
    await expire(ada)
    const page = await device.get('/account')
    expect([page.status, textOf(page.text)]).toEqual([
      200,
      expect.stringContaining('Your password has expired You can go on until'),
    ])
    expect(await activityFor(app.db, ada, 'password_expired')).toMatchObject([
      { actor_id: null, details: { automation: 'Enforce periodic reset', acts_for: 'Dana Admin' } },
    ])
    expect(await emails(ada, 'password_expired')).toHaveLength(1)
  })

  test('must be changed at the next sign-in, and no other page opens until then', async () => {
    const bo = await worker('Bo Back')
    await expire(bo)
    const device = await app.signIn(bo)
    expect((await device.get('/account')).headers.location).toBe('/account/password')
    expect((await device.get('/account/sessions')).headers.location).toBe('/account/password')
    const page = textOf((await device.get('/account/password')).text)
    expect(page).toContain('Your password has expired Your company asks for a new one from time to time.')
    const same = { currentPassword: password, newPassword: password, confirmPassword: password }
    expect((await device.post('/account/password', same)).status).toBe(422)
    const change = { ...same, newPassword: own, confirmPassword: own }
    expect((await device.post('/account/password', change)).status).toBe(303)
    expect((await device.get('/account')).status).toBe(200)
    expect(textOf((await device.get('/account')).text)).not.toContain('has expired')
    expect(await activityFor(app.db, bo, 'password_change')).toMatchObject([
      { method: 'forced', details: { expired: true } },
    ])
    expect((await (await app.signIn(bo, false, own)).get('/account')).status).toBe(200)
  })

  test('must be changed in an open session once the grace period is over, and the session is not ended', async () => {
    const cy = await worker('Cy Late')
    const device = await app.signIn(cy, true)
    await expire(cy)
    await endGrace(cy)
    expect((await device.get('/account')).headers.location).toBe('/account/password')
    const change = { currentPassword: password, newPassword: own, confirmPassword: own }
    expect((await device.post('/account/password', change)).status).toBe(303)
    expect(await activityFor(app.db, cy, 'sessions_ended')).toEqual([])
  })

  test('must be changed on mobile, too', async () => {
    const di = await worker('Di Phone')
    const phone = await app.client(iphone).signIn(di.email, password, true)
    await expire(di)
    expect(textOf((await phone.get('/m')).text)).toContain('You can go on until')
    await endGrace(di)
    expect((await phone.get('/m')).headers.location).toBe('/m/password')
    expect((await phone.get('/m/password')).headers.location).toBe('/confirm-password?next=%2Fm%2Fpassword')
    await phone.post('/confirm-password', { password, next: '/m/password' })
    expect(textOf((await phone.get('/m/password')).text)).toContain('Your password has expired')
    expect((await phone.post('/m/password', { newPassword: own, confirmPassword: own })).status).toBe(303)
    expect((await phone.get('/m')).status).toBe(200)
  })

  test('of an unverified worker is replaced after the address is verified', async () => {
    const eli = await worker('Eli Unverified', false)
    await expire(eli)
    const device = await app.signIn(eli)
    expect((await device.get('/account')).headers.location).toBe('/account/password')
    const step = textOf((await device.get('/account/password')).text)
    expect(step).toContain('Email me the link')
  })

  test('is replaced by a reset link', async () => {
    const fay = await worker('Fay Forgot')
    await expire(fay)
    await resetPassword(fay)
    const device = await app.signIn(fay, false, own)
    expect((await device.get('/account')).status).toBe(200)
  })

  async function resetPassword(fay: TestUser) {
    const client = app.client()
    await client.post('/forgot-password', { email: fay.email })
    await app.runJobs()
    const [email] = await emails(fay, 'password_reset')
    await client.get(new URL(email?.link ?? 'http://no.link').pathname)
    const answer = await client.post('/reset-password', { newPassword: own, confirmPassword: own })
    expect(answer.status).toBe(303)
  }

  test('without the automation, passwords of any age stay valid', async () => {
    const gil = await worker('Gil Old')
    await ageOfPassword(app, gil, 4000)
    await anHourLater(app)
    await twoWorkers(app)
    expect((await (await app.signIn(gil)).get('/account')).status).toBe(200)
    expect(await activityFor(app.db, gil, 'password_expired')).toEqual([])
  })
})
