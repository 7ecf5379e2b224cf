import { expect, test } from 'vitest'
import { Db } from '../../src/platform/db.ts'
import { emptyDatabase, ownerOf, testDatabase } from '../support/database.ts'
import { startServer } from '../support/running-server.ts'
import { sessionSecret } from '../support/test-app.ts'

// What each role may do is test/platform/roles.test.ts.
const single = emptyDatabase()
const migrated = testDatabase()
const elsewhere = emptyDatabase()
const asOwner = { DATABASE_URL: ownerOf(single), WORKER: 'off', SESSION_SECRET: sessionSecret }

test('a server with the owner alone says that only triggers protect the log, and they do', async () => {
  const server = await startServer(asOwner)
  expect(server.output()).toMatch(/\{"level":"warn".*DATABASE_OWNER_URL.*\}/)
  server.kill('SIGTERM')
  await server.ended
  const alone = new Db(ownerOf(single))
  await alone.pool.query(
    `insert into activity_log (seq, at, event, category, prev_hash, hash) values (1, now(), 'sign_out', 'security', '', '')`,
  )
  for (const attempt of [
    `update activity_log set event = 'sign_in'`,
    'delete from activity_log',
    'truncate activity_log',
  ])
    await expect(alone.pool.query(attempt)).rejects.toThrow('The activity log can only be added to')
  await alone.close()
})

test('a server moves to two roles by their names, and then needs the owner for new migrations alone', async () => {
  const two = { ...asOwner, DATABASE_URL: single, DATABASE_OWNER_URL: ownerOf(single) }
  for (const settings of [two, { ...two, DATABASE_OWNER_URL: '' }]) {
    const server = await startServer(settings)
    expect(server.output()).not.toContain('"warn"')
    server.kill('SIGTERM')
    await server.ended
  }
})

test('a server does not start when the two names lead to different databases', async () => {
  await expect(
    startServer({ ...asOwner, DATABASE_OWNER_URL: ownerOf(migrated), DATABASE_URL: elsewhere }),
  ).rejects.toThrow('DATABASE_URL: this is not the database that DATABASE_OWNER_URL migrates')
})
