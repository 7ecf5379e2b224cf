import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, sql } from '../../src/platform/db.ts'
import { enqueueEmail } from '../../src/platform/email/queue.ts'
import { startWorker } from '../../src/worker.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'

const app = createTestApp()

const jobs = () =>
  one(
    app.db,
    z.object({ locked: z.coerce.number(), all: z.coerce.number() }),
    sql`select count(*) filter (where locked_by is not null) as locked, count(*) as all from graphile_worker._private_jobs`,
  )

test(
  'the job of a worker that was killed is done by another one within seconds',
  { timeout: 40_000 },
  async () => {
    const deaf = await import('node:net').then(({ createServer }) =>
      createServer(() => {}).listen(0, '127.0.0.1'),
    )
    await once(deaf, 'listening')
    const silentPort = (deaf.address() as { port: number }).port
    const settings = {
      PATH: process.env.PATH ?? '',
      MAIL_FROM: 'fieldkey@acme.test',
    }
    const doomed = fork(fileURLToPath(new URL('../../src/commands/worker.ts', import.meta.url)), {
      execArgv: ['--import', './src/typescript.js'],
      env: {
        SESSION_SECRET: sessionSecret,
        DATABASE_URL: app.connectionString,
        ...settings,
        SMTP_URL: `smtp://127.0.0.1:${silentPort}`,
      },
      silent: true,
    })
    const { sam } = app.cast
    const data = { name: sam.name, email: sam.email, at: new Date(), device: 'Chrome, Windows' }
    await app.db.transaction((tx) => enqueueEmail(tx, { template: 'password_changed', to: sam, data }))
    await vi.waitFor(async () => expect((await jobs()).locked).toBe(1), 15_000)
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')

    const mailbox = await openMailbox()
    const config = app.configWith({ ...settings, SMTP_URL: mailbox.url })
    const worker = await startWorker(app.connectionString, config)
    await vi.waitFor(() => expect(mailbox.mails).toHaveLength(1), 15_000)
    await vi.waitFor(async () => expect((await jobs()).all).toBe(0), 5_000)
    await worker.stop()
    await mailbox.close()
    deaf.close()
  },
)

test(
  'a worker that lost the connection which vouches for it still does each job once',
  { timeout: 40_000 },
  async () => {
    const mailbox = await openMailbox()
    mailbox.pause = 8_000 // longer than one sweep takes to come round
    const config = app.configWith({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    const worker = await startWorker(app.connectionString, config)
    const { otto } = app.cast
    const data = { name: otto.name, email: otto.email, at: new Date(), device: 'Chrome, Windows' }
    await app.db.transaction((tx) => enqueueEmail(tx, { template: 'password_changed', to: otto, data }))
    await vi.waitFor(async () => expect((await jobs()).locked).toBe(1), 15_000)
    await app.db.query(sql`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`)
    await vi.waitFor(async () => expect((await jobs()).all).toBe(0), 20_000)
    await worker.stop()
    await mailbox.close()
    expect(mailbox.mails).toHaveLength(1)
  },
)
