import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { ownerOf } from '../support/database.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'
import { activityFor, password } from '../support/people.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
const choice = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }

/** Runs the command on the database of this app. */
async function createOwner(...options: string[]) {
  const command = ['--import', './src/typescript.js', 'src/commands/create-owner.ts', ...options]
  const env = {
    ...{ PATH: process.env.PATH, BASE_URL: 'https://keys.acme.test', SESSION_SECRET: sessionSecret },
    ...{ DATABASE_URL: app.connectionString, DATABASE_OWNER_URL: ownerOf(app.connectionString) },
  }
  const cwd = path.resolve(import.meta.dirname, '../..')
  const ran = await promisify(execFile)(process.execPath, command, { cwd, env }).catch(
    (error: unknown) => error,
  )
  const { code = 0, stdout, stderr } = ran as { code?: number; stdout: string; stderr: string }
  const link = /^https:\/\/keys\.acme\.test(\/\S+)$/m.exec(stdout)?.[1] ?? ''
  return { code, stdout, stderr, link }
}

const Account = z.object({ role: z.string(), status: z.string(), password_hash: z.string().nullable() })
const account = (email: string) =>
  one(
    app.db,
    Account,
    sql`select r.name as role, status, password_hash from users u join roles r on r.id = u.role_id where email = ${email}`,
  )
const lifeOfNewestLink = () =>
  one(
    app.db,
    z.object({ purpose: z.string(), minutes: z.number() }),
    sql`select purpose, round(extract(epoch from expires_at - created_at) / 60)::int as minutes from links
        order by created_at desc limit 1`,
  )

describe('for an address that has no account', () => {
  let made: Awaited<ReturnType<typeof createOwner>>
  beforeAll(async () => {
    made = await createOwner('--email', 'Greta@Firm.test', '--name', 'Greta Grand')
  })

  test('creates an invited Owner, and prints only the link', async () => {
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(made.stdout).toContain('Greta Grand <greta@firm.test> is an Owner.')
    expect(made.link).toMatch(/^\/invitation\/[\w-]{43}$/)
    expect(await account('greta@firm.test')).toEqual({
      role: 'Owner',
      status: 'invited',
      password_hash: null,
    })
    expect(await lifeOfNewestLink()).toEqual({ purpose: 'invite', minutes: 7 * 24 * 60 })
  })

  test('the log says that it was done at the console, and the other Owners are emailed', async () => {
    const { id } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from users where email = 'greta@firm.test'`,
    )
    expect(await activityFor(app.db, { id, name: '', email: '' })).toMatchObject([
      { event: 'user_created', actor_id: null, details: { role: 'Owner', from: 'console' } },
    ])
    const log = textOf((await (await app.as('owner')).get('/activity-log')).text)
    expect(log).toContain('Somebody at the server’s console created the account of Greta Grand')
    const [email] = await app.emailsTo(app.cast.owner)
    expect(email).toMatchObject({ template: 'owner_made', subject: 'Greta Grand is an Owner now' })
    expect(email?.text).not.toContain(made.link)
  })

  test('the link works once, sets the password, and the Owner signs in', async () => {
    const client = app.client()
    await client.get(made.link)
    expect((await client.post('/invitation', choice)).status).toBe(303)
    const greta = await app.client().signIn('greta@firm.test', choice.newPassword)
    expect((await greta.get('/settings/company/roles')).status).toBe(200)
    expect((await app.client().get(made.link)).status).toBe(410)
  })
})

describe('for an address that has one', () => {
  test('a blocked fieldworker becomes an active Owner, signed out everywhere, with a reset link of 60 minutes', async () => {
    const who = await app.createUser({ name: 'Rex Rescued', role: 'Fieldworker' })
    const session = await app.signIn(who)
    await run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`)
    const made = await createOwner('--email', who.email, '--name', 'Not That')
    expect(made.stdout).toContain(`Rex Rescued <${who.email}> is an Owner, and active`)
    expect(await account(who.email)).toMatchObject({ role: 'Owner', status: 'active' })
    expect(await lifeOfNewestLink()).toEqual({ purpose: 'reset', minutes: 60 })
    expect((await session.get('/account')).status).toBe(303)
    const entries = await activityFor(app.db, who)
    expect(entries.slice(1)).toMatchObject([
      {
        event: 'role_changed',
        actor_id: null,
        details: { before: 'Fieldworker', after: 'Owner', from: 'console' },
      },
      { event: 'user_unblocked', details: { before: 'blocked', after: 'active', from: 'console' } },
      { event: 'password_reset_requested', details: { from: 'console' } },
    ])
    expect((await app.emailsTo(who))[0]?.subject).toBe('You are an Owner now')

    const client = app.client()
    await client.get(made.link)
    expect((await client.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    await app.signIn(who, false, choice.newPassword)
  })

  test('open sessions of the account are ended before it becomes an Owner’s', async () => {
    const who = await app.createUser({ name: 'Sue Sitting', role: 'Dispatcher', team: 'North' })
    const session = await app.signIn(who)
    await createOwner('--email', who.email)
    expect((await session.get('/settings/company/roles')).headers.location).toContain('/sign-in')
    await app.signIn(who, false, password) // what they know still opens it until the link is used
  })

  test('an invited person stays invited, and chooses the first password', async () => {
    const who = await app.createUser({ name: 'Ivy Invited', role: 'Auditor', status: 'invited' })
    await run(app.db, sql`update users set password_hash = null where id = ${who.id}`)
    const { link } = await createOwner('--email', who.email)
    expect(link).toMatch(/^\/invitation\//)
    expect(await account(who.email)).toMatchObject({ role: 'Owner', status: 'invited' })
  })
})

test.each([
  [[], '--email: '],
  [['--email', 'nobody'], '--email: Enter an address'],
  [['--email', 'a@b.test', '--name', ' '], '--name: Enter a name.'],
  [['--mail', 'a@b.test'], 'mail'],
])('%j is rejected: nothing happens, and it says why', async (options, said) => {
  const { code, stdout, stderr } = await createOwner(...options)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(said)
  expect(stderr).toContain('Usage: npm run create-owner -- --email ADDRESS')
  expect(
    await many(
      app.db,
      Account,
      sql`select 'x' as role, status, password_hash from users where email = 'a@b.test'`,
    ),
  ).toEqual([])
})
