import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { checkChain } from '../../src/activity/chain/check.ts'
import { readConfig } from '../../src/config.ts'
import { Db, run, sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { installedPrograms, startInstalled } from '../support/installed-postgres.ts'
import { runJobs, sessionSecret } from '../support/test-app.ts'
import { createUser, password, type TestUser } from '../support/people.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const bin = installedPrograms()

describe.skipIf(bin === undefined)('a backup made by pg_dump, restored into another database', () => {
  let server: Awaited<ReturnType<typeof startInstalled>>
  let sam: TestUser
  let link: string
  let restored: Db
  let client: HttpClient

  const logins = (database: string) => ({
    connectionString: server.at('fieldkey_app', database),
    ownerConnectionString: server.at('fieldkey', database),
  })
  const appOver = (database: string, db: Db) => {
    const settings = { DATABASE_URL: server.at('fieldkey_app', database), SESSION_SECRET: sessionSecret }
    return createApp({ db, config: readConfig(settings) })
  }
  const emailTo = async (who: HttpClient, { email }: TestUser, template: string) => {
    const { body } = await who.get('/dev/outbox.json')
    return (body as { to: string; template: string; status: string; link: string | null }[]).find(
      (sent) => sent.to === email && sent.template === template,
    )
  }

  beforeAll(async () => {
    log.level = process.env.LOG ?? 'silent'
    server = await startInstalled(bin ?? '')
    for (const role of ['fieldkey', 'fieldkey_app']) await server.administer(`create role ${role} login`)
    for (const name of ['main', 'other']) await server.administer(`create database ${name} owner fieldkey`)
    await migrate(logins('main'), referenceRows)

    const db = new Db(server.at('fieldkey_app', 'main'))
    const expressApp = appOver('main', db)
    sam = await createUser(db, {
      name: 'Sam Field',
      email: 'sam@firm.test',
      role: 'Fieldworker',
      team: 'North',
    })
    await createUser(db, { name: 'Dana Admin', email: 'admin@firm.test', role: 'Admin' })
    const before = new HttpClient(expressApp)
    await before.post('/forgot-password', { email: sam.email })
    await runJobs(
      db,
      readConfig({ DATABASE_URL: server.at('fieldkey_app', 'main'), SESSION_SECRET: sessionSecret }),
    )
    link = new URL((await emailTo(before, sam, 'password_reset'))?.link ?? 'http://no.link').pathname
    await (
      await before.signIn('admin@firm.test', password)
    ).post(`/users/${sam.id}/sessions/end`, {}, `/fieldworkers/${sam.id}`)
    await before.post(`/users/${sam.id}/status`, { status: 'inactive' }, `/fieldworkers/${sam.id}`)
    await before.post(`/users/${sam.id}/status`, { status: 'active' }, `/fieldworkers/${sam.id}`)
    await new HttpClient(expressApp).post('/forgot-password', { email: 'admin@firm.test' }) // its email waits in the queue
    await db.close()

    const file = path.join(server.folder, 'main.dump')
    server.program('pg_dump', '--format=custom', `--file=${file}`, server.at('postgres', 'main'))
    server.program('pg_restore', '--exit-on-error', `--dbname=${server.at('postgres', 'other')}`, file)

    await migrate(logins('other'), referenceRows)
    restored = new Db(server.at('fieldkey_app', 'other'))
    client = new HttpClient(appOver('other', restored))
  }, 120_000)
  afterAll(async () => {
    await restored?.close()
    server?.stop()
  })

  test('holds the whole chain of the log, which goes on where it ended', async () => {
    expect((await checkChain(restored)).fault).toBeNull()
    await new HttpClient(appOver('other', restored)).signIn('admin@firm.test', password)
    const { fault, entries } = await checkChain(restored)
    expect(fault).toBeNull()
    expect(Number(entries)).toBeGreaterThan(4)
  })

  test('lets people sign in', async () => {
    await client.signIn(sam.email, password)
    expect(textOf((await client.get('/account')).text)).toContain('Sam Field')
  })

  test('delivers the email that waited in the queue, and its link works', async () => {
    const settings = { DATABASE_URL: server.at('fieldkey_app', 'other'), SESSION_SECRET: sessionSecret }
    await runJobs(restored, readConfig(settings))
    const dana = { id: '', name: 'Dana Admin', email: 'admin@firm.test' }
    const email = await emailTo(client, dana, 'password_reset')
    expect(email?.status).toBe('sent')
    const fresh = new HttpClient(appOver('other', restored))
    await fresh.get(new URL(email?.link ?? 'http://no.link').pathname)
    const choice = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }
    expect((await fresh.post('/reset-password', choice)).status).toBe(303)
  })

  test('keeps an invalid link invalid', async () => {
    const answer = await new HttpClient(appOver('other', restored)).get(link)
    expect(answer.status).not.toBe(303)
  })

  test('still lets nobody rewrite the log', async () => {
    await expect(run(restored, sql`delete from activity_log`)).rejects.toThrow(/permission denied|cannot be/)
  })
})
