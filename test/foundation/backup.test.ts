import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { checkChain } from '../../src/activity/chain/check.ts'
import { readConfig } from '../../src/config.ts'
import { Db, run, sql } from '../../src/foundation/db.ts'
import { log } from '../../src/foundation/log.ts'
import { migrate } from '../../src/foundation/migrate.ts'
import { installedPrograms, startInstalled } from '../support/installed-postgres.ts'
import { doJobs, sessionSecret } from '../support/house.ts'
import { add, password, type Somebody } from '../support/people.ts'
import { Visitor, words } from '../support/visitor.ts'

const bin = installedPrograms()

describe.skipIf(bin === undefined)('a backup made by pg_dump, restored into another database', () => {
  let server: Awaited<ReturnType<typeof startInstalled>>
  let sam: Somebody
  let link: string
  let restored: Db
  let visitor: Visitor

  const logins = (database: string) => ({
    connectionString: server.at('fieldkey_app', database),
    ownerConnectionString: server.at('fieldkey', database),
  })
  const appOver = (database: string, db: Db) => {
    const settings = { DATABASE_URL: server.at('fieldkey_app', database), SESSION_SECRET: sessionSecret }
    return createApp({ db, config: readConfig(settings) })
  }
  const letterTo = async (who: Visitor, { email }: Somebody, template: string) => {
    const { body } = await who.get('/dev/outbox.json')
    return (body as { to: string; template: string; status: string; link: string | null }[]).find(
      (letter) => letter.to === email && letter.template === template,
    )
  }

  beforeAll(async () => {
    log.level = process.env.LOG ?? 'silent'
    server = await startInstalled(bin ?? '')
    for (const role of ['fieldkey', 'fieldkey_app']) await server.administer(`create role ${role} login`)
    for (const name of ['house', 'other']) await server.administer(`create database ${name} owner fieldkey`)
    await migrate(logins('house'))

    const db = new Db(server.at('fieldkey_app', 'house'))
    const app = appOver('house', db)
    sam = await add(db, { name: 'Sam Field', email: 'sam@firm.test', role: 'Fieldworker', team: 'North' })
    await add(db, { name: 'Dana Admin', email: 'admin@firm.test', role: 'Admin' })
    const before = new Visitor(app)
    await before.post('/forgot-password', { email: sam.email })
    await doJobs(
      db,
      readConfig({ DATABASE_URL: server.at('fieldkey_app', 'house'), SESSION_SECRET: sessionSecret }),
    )
    link = new URL((await letterTo(before, sam, 'password_reset'))?.link ?? 'http://no.link').pathname
    await (
      await before.signIn('admin@firm.test', password)
    ).post(`/users/${sam.id}/sessions/end`, {}, `/fieldworkers/${sam.id}`)
    await before.post(`/users/${sam.id}/status`, { status: 'inactive' }, `/fieldworkers/${sam.id}`)
    await before.post(`/users/${sam.id}/status`, { status: 'active' }, `/fieldworkers/${sam.id}`)
    await new Visitor(app).post('/forgot-password', { email: 'admin@firm.test' }) // its letter waits in the queue
    await db.close()

    const file = path.join(server.folder, 'house.dump')
    server.program('pg_dump', '--format=custom', `--file=${file}`, server.at('postgres', 'house'))
    server.program('pg_restore', '--exit-on-error', `--dbname=${server.at('postgres', 'other')}`, file)

    await migrate(logins('other'))
    restored = new Db(server.at('fieldkey_app', 'other'))
    visitor = new Visitor(appOver('other', restored))
  }, 120_000)
  afterAll(async () => {
    await restored?.close()
    server?.stop()
  })

  test('holds the whole chain of the log, which goes on where it ended', async () => {
    expect((await checkChain(restored)).fault).toBeNull()
    await new Visitor(appOver('other', restored)).signIn('admin@firm.test', password)
    const { fault, entries } = await checkChain(restored)
    expect(fault).toBeNull()
    expect(Number(entries)).toBeGreaterThan(4)
  })

  test('lets people sign in', async () => {
    await visitor.signIn(sam.email, password)
    expect(words((await visitor.get('/account')).text)).toContain('Sam Field')
  })

  test('delivers the letter that waited in the queue, and its link works', async () => {
    const settings = { DATABASE_URL: server.at('fieldkey_app', 'other'), SESSION_SECRET: sessionSecret }
    await doJobs(restored, readConfig(settings))
    const dana = { id: '', name: 'Dana Admin', email: 'admin@firm.test' }
    const letter = await letterTo(visitor, dana, 'password_reset')
    expect(letter?.status).toBe('sent')
    const fresh = new Visitor(appOver('other', restored))
    await fresh.get(new URL(letter?.link ?? 'http://no.link').pathname)
    const choice = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }
    expect((await fresh.post('/reset-password', choice)).status).toBe(303)
  })

  test('keeps a dead link dead', async () => {
    const answer = await new Visitor(appOver('other', restored)).get(link)
    expect(answer.status).not.toBe(303)
  })

  test('still lets nobody rewrite the log', async () => {
    await expect(run(restored, sql`delete from activity_log`)).rejects.toThrow(/permission denied|cannot be/)
  })
})
