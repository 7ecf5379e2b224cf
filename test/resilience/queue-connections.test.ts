import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { enqueueEmail } from '../../src/platform/email/queue.ts'
import { startWorker } from '../../src/worker.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'

const app = createTestApp()

const count = async (of: ReturnType<typeof sql>) =>
  (await one(app.db, z.object({ count: z.coerce.number() }), sql`select count(*) from ${of}`)).count
const jobs = () => count(sql`graphile_worker._private_jobs`)
const ending = sql`pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  and query ilike '%delete from%_private_jobs%' and pid <> pg_backend_pid()`

test(
  'a worker lives on when the connection is lost over which it notes the end of a job, and notes it over another',
  { timeout: 40_000 },
  async () => {
    const mailbox = await openMailbox()
    const config = app.configWith({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    const worker = await startWorker(app.connectionString, config)
    const { sam } = app.cast
    const data = { name: sam.name, email: sam.email, at: new Date(), device: 'Chrome, Windows' }
    mailbox.pause = 1_000
    await app.db.transaction((tx) => enqueueEmail(tx, { template: 'password_changed', to: sam, data }))
    await vi.waitFor(
      async () => expect(await count(sql`graphile_worker._private_jobs where locked_by is not null`)).toBe(1),
      10_000,
    )
    await app.db.transaction(async (tx) => {
      await run(tx, sql`select from graphile_worker._private_jobs for update`)
      await vi.waitFor(async () => expect(await count(ending)).toBe(1), 8_000)
      await run(app.db, sql`select pg_terminate_backend(pid) from ${ending}`)
    })
    await vi.waitFor(async () => expect(await jobs()).toBe(0), 20_000)
    await worker.stop()
    await mailbox.close()
    expect(mailbox.mails).toHaveLength(1)
  },
)
