import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { startWorker } from '../../src/worker.ts'
import { rowsOf } from '../support/csv.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
const people = 60

const receiver = (mail: Mailbox['mails'][number]) =>
  mail.to && !Array.isArray(mail.to) ? (mail.to.value[0]?.address ?? '') : ''

test(
  'a small season: everyone gets one email or is listed as failed with a reason, though the mail server fails and goes away',
  { timeout: 60_000 },
  async () => {
    await run(
      app.db,
      sql`insert into users (name, email, role_id, status, email_verified_at)
        select 'Season ' || i, 'season' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'active', now()
        from generate_series(1, ${people}::int) i`,
    )
    let mailbox = await openMailbox()
    const port = Number(new URL(mailbox.url).port)
    const refused: string[] = []
    let accepted: Mailbox['mails'] = []
    let away = false
    const judge = (to: string, before: number) => {
      away ||= accepted.length === 0 && mailbox.mails.length >= 25
      if (away) return { code: 421, words: 'closing down' }
      if (before % 10 !== 9) return undefined
      refused.push(to)
      return { code: 550, words: '5.1.1 no such mailbox' }
    }
    mailbox.judge = judge
    const settings = { SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' }
    const workers = [
      await startWorker(app.connectionString, app.configWith(settings)),
      await startWorker(app.connectionString, app.configWith(settings)),
    ]

    const admin = await app.as('admin')
    const { id: cannedResponseId } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from canned_responses where name = 'Season start'`,
    )
    const form = { cannedResponseId, all: '1', q: 'season', emailsPerSecond: '1000' }
    const address = String((await admin.post('/campaigns', form, '/campaigns/new?all=1')).headers.location)

    await vi.waitFor(() => expect(away).toBe(true), 20_000)
    await vi.waitFor(
      async () =>
        expect(textOf((await admin.get(address)).text)).toContain('The mail server does not respond'),
      10_000,
    )
    await mailbox.close()
    await sleep(1_000)
    accepted = mailbox.mails
    away = false
    mailbox = await openMailbox(port)
    mailbox.judge = judge
    await vi.waitFor(
      async () => expect(textOf((await admin.get(address)).text)).toContain('All emails have been sent'),
      30_000,
    )
    for (const worker of workers) await worker.stop()
    await mailbox.close()

    const sent = [...accepted, ...mailbox.mails].map(receiver)
    expect(new Set(sent).size).toBe(sent.length)
    expect([...sent, ...refused].sort()).toEqual(
      Array.from({ length: people }, (_, i) => `season${i + 1}@firm.test`).sort(),
    )
    expect(textOf((await admin.get(address)).text)).toContain(
      `0 changed 0 opened ${sent.length} sent 0 queued ${refused.length} failed`,
    )
    const rows = rowsOf((await admin.get(`${address}.csv`)).text)
    const failed = rows.filter(({ state }) => state === 'failed')
    expect(failed.map(({ email }) => email).sort()).toEqual([...refused].sort())
    for (const row of failed) expect(row.server_answer).toContain('550 5.1.1 no such mailbox')
    const log = await many(
      app.db,
      z.object({ status: z.string(), count: z.coerce.number() }),
      sql`select status, count(*) from emails group by 1 order by 1`,
    )
    expect(log).toEqual([
      { status: 'failed', count: refused.length },
      { status: 'sent', count: sent.length },
    ])
  },
)
