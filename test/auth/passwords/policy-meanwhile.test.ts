import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Db, one, run, sql, type Sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { inFlight } from '../../support/in-flight.ts'
import { lockRows, untilWaiting } from '../../support/locks.ts'
import { credential, password, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

// The policy is read where it decides: a password that was good when it was sent is judged again by the rules that are in
// force when it is stored. Imports and `create-owner` set no password: the links that they send do.
const app = createTestApp()
let holder: Db
beforeAll(() => {
  holder = new Db(app.connectionString, { max: 1 })
})
afterAll(() => holder.close())
beforeEach(async () => {
  await run(app.db, sql`delete from rate_limits`)
  await run(
    app.db,
    sql`update company set password_min_length = 12, context_words = '{}', name = null, lasting_passwords_allowed = true,
          temporary_password_hours = 24`,
  )
})

const newPassword = 'Wrenchmaster Ltd'
const twice = { newPassword, confirmPassword: newPassword }
const worker = (more: object = {}) => app.createUser({ name: 'Wanda Worker', role: 'Fieldworker', ...more })

interface Sent {
  who: TestUser
  visitor: HttpClient
  address: string
  fields?: Record<string, string>
}

/** A browser in which a mailed link was opened. */
async function byLink(status: string): Promise<Sent> {
  const who = await worker({ status })
  await app.client().post('/forgot-password', { email: who.email })
  await app.runJobs()
  const [email] = await app.emailsTo(who)
  const client = app.client()
  const address = (await client.get(new URL(email?.link ?? '').pathname)).headers.location ?? ''
  return { who, visitor: client, address }
}

async function bySelf(address: string, fields = {}, temporary = false): Promise<Sent> {
  const who = await worker()
  const client = await app.signIn(who)
  if (temporary)
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${who.id}`,
    )
  return { who, visitor: client, address, fields }
}

async function byOffice(fields: Record<string, string> = {}): Promise<Sent> {
  const who = await worker()
  return { who, visitor: await app.as('admin'), address: `/users/${who.id}/password`, fields }
}

const current = { currentPassword: password }
const paths: Record<string, () => Promise<Sent>> = {
  'by the office': () => byOffice(),
  'with the old one': () => bySelf('/account/password', current),
  'in place of a temporary one': () => bySelf('/account/password', current, true),
  'on the phone': () => bySelf('/m/password'),
  'by a reset link': () => byLink('active'),
  'by an invitation': () => byLink('invited'),
}

const changes: Record<string, Sql> = {
  'a higher minimum length': sql`update company set password_min_length = 30`,
  'a word nobody may use': sql`update company set context_words = '{Wrenchmaster Ltd}'`,
  'another name of the company': sql`update company set name = 'Wrenchmaster Ltd'`,
}

/** Sends it while the lock is held; meanwhile the policy changes. */
async function sendDuring(
  lock: (who: TestUser) => Sql,
  { who, visitor: client, address, fields }: Sent,
  change: Sql,
) {
  const _csrf = await client.token(address)
  const { waited, answer } = await inFlight(
    holder,
    lock(who),
    () => client.postBare(address, { ...twice, ...fields, _csrf }),
    (tx) => run(tx, change),
  )
  expect(waited).toBe(true)
  return answer
}

/** An Owner opens the policy and changes some fields; the result sends the form and returns the status. */
async function policyForm(fields: { passwordMinLength: string; contextWords: string }, owner?: HttpClient) {
  const client = owner ?? (await app.signIn(await app.createUser({ name: 'Olga Owner', role: 'Owner' })))
  const page = '/settings/company/security'
  const { text } = await client.get(page)
  const _csrf = await client.token(page)
  const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? ''
  const times = {
    temporaryPasswordHours: '24',
    sessionIdleMinutes: '60',
    sessionHours: '12',
    rememberDays: '30',
  }
  const policy = { ...times, ...fields, lastingPasswordsAllowed: '1', version, _csrf }
  return () => client.postBare(page, policy).then(({ status }) => status)
}

const rowOf = ({ id }: TestUser) => sql`select from users where id = ${id} for update`
const policyBeingSaved = () => sql`update company set policy_version = policy_version + 1`

describe.each(Object.keys(paths))('a password set %s', (path) => {
  test.each(Object.keys(changes))(
    'is checked against %s that is just being saved (fault 8)',
    async (change) => {
      const sent = (await paths[path]?.()) as Sent
      const before = await credential(app.db, sent.who)
      const answer = await sendDuring(policyBeingSaved, sent, changes[change] ?? sql``)
      expect(answer.status).toBe(422)
      expect(textOf(answer.text)).toMatch(/Use at least 30 characters|little more than a name/)
      expect(await credential(app.db, sent.who)).toEqual(before)
    },
  )

  test('is checked against the words that an Owner saved while it waited (fault 8)', async () => {
    const sent = (await paths[path]?.()) as Sent
    const before = await credential(app.db, sent.who)
    const saving = await policyForm({ passwordMinLength: '12', contextWords: 'Harbour\nWRENCHMASTER ltd' })
    const _csrf = await sent.visitor.token(sent.address)
    const lock = await lockRows(app.db, sql`select from company for update`)
    const saved = saving()
    await untilWaiting(app.db)
    const answer = sent.visitor
      .postBare(sent.address, { ...twice, ...sent.fields, _csrf })
      .then((answer) => answer)
    await untilWaiting(app.db, 2)
    await lock.release()
    expect(await saved).toBe(303)
    expect((await answer).status).toBe(422)
    expect(textOf((await answer).text)).toContain('little more than a name')
    expect(await credential(app.db, sent.who)).toEqual(before)
  })

  test('is checked against the name that the person has by now (fault 8)', async () => {
    const sent = (await paths[path]?.()) as Sent
    const before = await credential(app.db, sent.who)
    const renamed = sql`update users set name = 'Ltd Wrenchmaster' where id = ${sent.who.id}`
    const answer = await sendDuring(rowOf, sent, renamed)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain('little more than a name')
    expect(await credential(app.db, sent.who)).toEqual(before)
  })

  test('is set if the policy does not change (fault 8)', async () => {
    const sent = (await paths[path]?.()) as Sent
    expect((await sendDuring(rowOf, sent, sql`select`)).status).toBe(303)
    await app.signIn(sent.who, false, newPassword)
  })

  test('by a link, if rejected, leaves the link valid (fault 8)', async () => {
    const sent = (await paths[path]?.()) as Sent
    await sendDuring(policyBeingSaved, sent, sql`update company set password_min_length = 30`)
    const longer = 'Wrenchmaster Ltd of the harbour street'
    const fields = { ...sent.fields, newPassword: longer, confirmPassword: longer }
    expect((await sent.visitor.post(sent.address, fields)).status).toBe(303)
  })
})

test('what the office sets is temporary once permanent ones are forbidden, and lasts as long as the policy then says (fault 8)', async () => {
  const sent = await byOffice() // without the tick that makes it temporary
  const change = sql`update company set lasting_passwords_allowed = false, temporary_password_hours = 3`
  const answer = await sendDuring(policyBeingSaved, sent, change)
  expect(answer.status).toBe(303)
  const hours = z.object({ hours: z.number().nullable() })
  const set = sql`select round(extract(epoch from temporary_password_expires_at - now()) / 3600)::int as hours
      from users where id = ${sent.who.id}`
  expect(await one(app.db, hours, set)).toEqual({ hours: 3 })
})

test('a campaign sends the text as of its start, and none that was deleted meanwhile (fault 8)', async () => {
  const { visitor: client } = await byOffice()
  const { id } = await one(
    app.db,
    z.object({ id: z.string() }),
    sql`insert into canned_responses (name, subject, body) values ('Short-lived', 'Old words', '{reset_link}') returning id`,
  )
  const recipient = await worker()
  const _csrf = await client.token('/account/password')
  const { answer } = await inFlight(
    holder,
    sql`select pg_advisory_xact_lock(hashtext('campaigns'))`,
    () => client.postBare('/campaigns', { ids: recipient.id, cannedResponseId: id, _csrf }),
    (tx) => run(tx, sql`update canned_responses set subject = 'New words' where id = ${id}`),
  )
  expect(answer.status).toBe(303)
  const subject = sql`select subject from campaigns where name = 'Short-lived'`
  expect(await one(app.db, z.object({ subject: z.string() }), subject)).toEqual({ subject: 'New words' })
})

test('saving the policy and changing one’s password at the same moment both succeed (fault 8)', async () => {
  const who = await app.createUser({ name: 'Olga Owner', role: 'Owner' })
  const client = await app.signIn(who)
  const saving = await policyForm({ passwordMinLength: '13', contextWords: '' }, client)
  const _csrf = await client.token('/account/password')
  const lock = await lockRows(app.db, sql`select from company for update`)
  const saved = saving()
  await untilWaiting(app.db)
  const changed = client
    .postBare('/account/password', { ...current, ...twice, _csrf })
    .then(({ status }) => status)
  await untilWaiting(app.db, 2)
  await lock.release()
  expect(await Promise.all([saved, changed])).toEqual([303, 303])
})
