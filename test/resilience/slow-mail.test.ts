import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { startWorker } from '../../src/worker.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'

const app = createTestApp()
const people = 60

test(
  'a worker stopped while the mail server is slow leaves unstarted emails to the next one and counts no attempt',
  { timeout: 60_000 },
  async () => {
    await run(
      app.db,
      sql`insert into users (name, email, role_id, status, email_verified_at)
        select 'Slow ' || i, 'slow' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'active', now()
        from generate_series(1, ${people}::int) i`,
    )
    const mailbox = await openMailbox()
    mailbox.pause = 1_000
    const config = app.configWith({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    const worker = await startWorker(app.connectionString, config)
    const admin = await app.as('admin')
    const { id: cannedResponseId } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from canned_responses where name = 'Season start'`,
    )
    const form = { cannedResponseId, all: '1', q: 'slow', emailsPerSecond: '1000' }
    await admin.post('/campaigns', form, '/campaigns/new?all=1')
    await vi.waitFor(() => expect(mailbox.mails.length).toBeGreaterThan(0), 10_000)
    await worker.stop()

    const unsent = await many(
      app.db,
      z.object({ claimed_by: z.string().nullable(), tries: z.number(), email_id: z.string().nullable() }),
      sql`select claimed_by, tries, email_id from campaign_people where state = 'queued'`,
    )
    expect(unsent.length).toBe(people - mailbox.mails.length)
    expect(new Set(unsent.map(({ claimed_by, tries }) => `${claimed_by} ${tries}`))).toEqual(
      new Set(['null 0']),
    )
    expect(unsent.some(({ email_id }) => email_id !== null)).toBe(true) // claimed and released

    mailbox.pause = 0
    const next = await startWorker(app.connectionString, config)
    await vi.waitFor(() => expect(mailbox.mails).toHaveLength(people), 20_000)
    await next.stop()
    await mailbox.close()
    const emails = new Set(mailbox.mails.map(({ messageId }) => messageId))
    expect(emails.size).toBe(people)
  },
)
