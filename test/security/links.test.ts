import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { Db, run, sql } from '../../src/platform/db.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'
import { credential, activityFor, password, type TestUser } from '../support/people.ts'
import { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const somebody = (traits = {}) => app.createUser({ name: 'Linn Link', role: 'Fieldworker', ...traits })

beforeEach(() => run(app.db, sql`delete from rate_limits`))

async function forgot(email: string) {
  await app.client().post('/forgot-password', { email })
  await app.runJobs()
}
async function pathTo(who: TestUser): Promise<string> {
  const [newest] = (await app.emailsTo(who)).filter(({ link }) => link)
  return new URL(newest?.link ?? 'http://no.link').pathname
}
const isIn = async (client: HttpClient) => (await client.get('/account')).status === 200

describe('row 26, 800-53 IA-5(1)(e): no link signs anybody in', () => {
  test.each([
    ['a reset link', {}, '/reset-password'],
    ['an invitation', { status: 'invited', verified: false }, '/invitation'],
  ])('row 26: %s, neither opened nor used', async (_, traits, form) => {
    const who = await somebody(traits)
    await forgot(who.email)
    const client = app.client()
    expect((await client.get(await pathTo(who))).headers.location).toBe(form)
    expect((await client.get(form)).status).toBe(200)
    expect(await isIn(client)).toBe(false)
    expect((await client.post(form, choice)).headers.location).toBe('/sign-in')
    expect(await isIn(client)).toBe(false)
    await app.signIn(who, false, newPassword)
  })

  test('row 26: a verification that leads on to a new password', async () => {
    const who = await somebody({ verified: false })
    await forgot(who.email)
    const path = await pathTo(who)
    const client = app.client()
    const answer = await client.post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect(answer.headers.location).toBe('/reset-password')
    expect(await isIn(client)).toBe(false)
  })
})

test('row 44, ASVS 12.2.1: when the app is reached by https, every link in an email is https', async () => {
  const config = app.configWith({ BASE_URL: 'https://keys.acme.test' })
  const secure = new HttpClient(createApp({ db: app.db, config }))
  const people = [
    await somebody(),
    await somebody({ verified: false }),
    await somebody({ status: 'invited', verified: false }),
  ]
  for (const { email } of people) await forgot(email)
  const emails = (await secure.get('/dev/outbox.json')).body as Record<
    'to' | 'text' | 'html' | 'link',
    string
  >[]
  const theirs = emails.filter(({ to }) => people.some(({ email }) => email === to))
  expect(theirs).toHaveLength(3)
  for (const { link, text, html } of theirs) {
    expect(link).toMatch(/^https:\/\/keys\.acme\.test\/[\w-]+\/[\w-]{43}$/)
    expect(`${text} ${html}`).not.toMatch(/http:\/\//)
  }
})

test('row 60, ASVS 2.3.3: a reset that cannot be recorded changes nothing, and its link stays valid', async () => {
  const who = await somebody()
  const device = await app.signIn(who)
  await forgot(who.email)
  const client = app.client()
  await client.get(await pathTo(who))
  const state = async () => [
    await credential(app.db, who),
    await activityFor(app.db, who),
    await app.emailsTo(who),
    (await app.db.query(sql`select used_at from links where user_id = ${who.id}`)).rows,
  ]
  const before = await state()
  const owner = new Db(ownerOf(app.connectionString))
  await owner.pool
    .query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
    create trigger refuse before insert on activity_log for each row when (new.event = 'password_change') execute function refuse()`)
  expect((await client.post('/reset-password', choice)).status).toBe(500)
  expect(await state()).toEqual(before)
  expect(await isIn(device)).toBe(true)
  await owner.pool.query('drop trigger refuse on activity_log; drop function refuse')
  await owner.close()

  expect((await client.post('/reset-password', choice)).headers.location).toBe('/sign-in')
  expect(await isIn(device)).toBe(false)
})

test('row 64, NIST 4.2.1.2: until a new address is confirmed, only the old one recovers the account', async () => {
  const who = await somebody()
  const moved = { ...who, email: `moved.${who.email}` }
  await (await app.signIn(who)).post('/account/email', { email: moved.email, password })
  const resets = async (to: TestUser) =>
    (await app.emailsTo(to)).filter(({ template }) => template === 'password_reset').length
  await forgot(moved.email)
  await forgot(who.email)
  expect([await resets(moved), await resets(who)]).toEqual([0, 1])
})

test('row 68, ASVS 6.4.6: the office never sees the link that it sends', async () => {
  const who = await somebody()
  const admin = await app.as('admin')
  const answer = await admin.post(
    `/users/${who.id}/password-reset`,
    { returnTo: `/fieldworkers/${who.id}` },
    '/fieldworkers',
  )
  await app.runJobs()
  const token = (await pathTo(who)).split('/').at(-1) ?? ''
  expect(token).toHaveLength(43)
  expect(JSON.stringify([answer.headers, answer.text])).not.toContain(token)
  for (const page of [`/fieldworkers/${who.id}`, '/email-log', '/activity-log', '/activity-log.csv'])
    expect([page, (await admin.get(page)).text.includes(token)]).toEqual([page, false])
})
