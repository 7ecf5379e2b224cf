import { connect, createServer, type Server } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { startWorker, type Worker } from '../../src/worker.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import type { TestUser } from '../support/people.ts'

const app = createTestApp()
const workers: Worker[] = []
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of workers.splice(0)) await one.stop()
  for (const thing of open.splice(0)) await thing.close()
})

async function worker(url: string): Promise<Worker> {
  const running = await startWorker(
    app.connectionString,
    app.configWith({ SMTP_URL: url, MAIL_FROM: 'fieldkey@acme.test' }),
  )
  workers.push(running)
  return running
}
async function mailbox(port = 0): Promise<Mailbox> {
  const box = await openMailbox(port)
  open.push(box)
  return box
}
const ask = (who: TestUser) => app.client().post('/forgot-password', { email: who.email })
const somebody = () => app.createUser({ name: 'Tova Berg', role: 'Fieldworker' })
const emails = (who: TestUser) =>
  many(
    app.db,
    z.object({ status: z.string(), server_answer: z.string().nullable() }),
    sql`select status, server_answer from emails where user_id = ${who.id}`,
  )
/** Brings forward the jobs that wait to be tried again. */
const hurry = () =>
  run(app.db, sql`update graphile_worker._private_jobs set run_at = now() where locked_at is null`)
const delivered = (box: Mailbox, count: number) =>
  vi.waitFor(async () => {
    await hurry()
    expect(box.mails).toHaveLength(count)
  }, 20_000)

test(
  'an unavailable mail server: the page answers the same, and one email is sent once it is back',
  { timeout: 40_000 },
  async () => {
    const closed = await openMailbox()
    const { port } = new URL(closed.url)
    await closed.close()
    await worker(`smtp://127.0.0.1:${port}`)
    const who = await somebody()
    expect((await ask(who)).headers.location).toBe('/forgot-password/sent')
    await vi.waitFor(
      async () => expect((await emails(who))[0]?.server_answer).toContain('ECONNREFUSED'),
      15_000,
    )
    expect(await emails(who)).toMatchObject([{ status: 'queued' }])

    const box = await mailbox(Number(port))
    await delivered(box, 1)
    await vi.waitFor(async () => expect(await emails(who)).toMatchObject([{ status: 'sent' }]), 5_000)
    expect(box.mails[0]?.text).toContain('/reset-password/')
  },
)

test(
  'one that refuses, then one that disconnects in the middle of an email: still one email',
  { timeout: 40_000 },
  async () => {
    const box = await mailbox()
    box.refusals.push('451 greylisted')
    const rude = hangsUpOnce(Number(new URL(box.url).port))
    open.push(rude)
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    await worker(`smtp://127.0.0.1:${(rude.address() as { port: number }).port}`)
    const who = await somebody()
    await ask(who)
    await delivered(box, 1)
    await vi.waitFor(async () => expect(await emails(who)).toMatchObject([{ status: 'sent' }]), 5_000)
    expect(box.mails).toHaveLength(1)
  },
)

test(
  'the link’s hour begins with the delivered email, and a retried email has the same link',
  { timeout: 40_000 },
  async () => {
    const box = await mailbox()
    box.refusals.push('451 come back later')
    await worker(box.url)
    const who = await somebody()
    await ask(who)
    const life = () =>
      one(
        app.db,
        z.object({ minutes: z.number().nullable() }),
        sql`select extract(epoch from expires_at - now())::float8 / 60 as minutes from links where user_id = ${who.id}`,
      )
    await vi.waitFor(async () => expect((await life()).minutes).toBeGreaterThan(59), 10_000)
    await run(
      app.db,
      sql`update links set expires_at = expires_at - interval '30 minutes' where user_id = ${who.id}`,
    )
    await delivered(box, 1)
    expect((await life()).minutes).toBeGreaterThan(59)
    const path = /\/reset-password\/[\w-]{43}/.exec(box.mails[0]?.text ?? '')?.[0] ?? ''
    expect((await app.client().get(path)).headers.location).toBe('/reset-password')
  },
)

/** Passes everything on, but drops the first connection in the middle of the email itself. */
function hangsUpOnce(port: number): Server {
  let dropped = false
  return createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
    upstream.pipe(client)
    client.on('end', () => upstream.end())
    client.on('data', (chunk) => {
      const now = !dropped && chunk.includes('Subject:')
      dropped ||= now
      if (!now) return upstream.write(chunk)
      client.destroy()
      upstream.destroy()
    })
  })
}
