import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../../src/platform/db.ts'
import { enqueueEmail } from '../../../src/platform/email/queue.ts'
import { startWorker, type Worker } from '../../../src/worker.ts'
import { createTestApp } from '../../support/test-app.ts'
import { openMailbox, type Mailbox } from '../../support/mailbox.ts'
import { activityFor, type TestUser } from '../../support/people.ts'

const app = createTestApp()
let mailbox: Mailbox
let worker: Worker

beforeAll(async () => {
  mailbox = await openMailbox()
  const settings = { SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test', COMPANY_NAME: 'Acme Field' }
  worker = await startWorker(app.connectionString, app.configWith({ ...settings }))
})
afterAll(async () => {
  await worker.stop()
  await mailbox.close()
})

const emailTo = (who: TestUser) => ({
  template: 'password_changed',
  to: who,
  data: { name: who.name, email: who.email, at: new Date('2026-03-09T09:41:00Z'), device: 'Chrome, Windows' },
})
const send = (who: TestUser) => app.db.transaction((tx) => enqueueEmail(tx, emailTo(who)))
const arrived = (who: TestUser) =>
  vi.waitFor(() => {
    const mail = mailbox.mails.find(({ to }) => to && !Array.isArray(to) && to.text.includes(who.email))
    if (!mail) throw new Error(`Nothing came for ${who.email}`)
    return mail
  }, 10_000)
const emailRow = (who: TestUser) =>
  one(
    app.db,
    z.object({ status: z.string(), server_answer: z.string().nullable() }),
    sql`select status, server_answer from emails where user_id = ${who.id}`,
  )

describe('an email', () => {
  test('goes out by SMTP once its transaction is committed, with a text and an HTML part', async () => {
    const { sam } = app.cast
    await send(sam)
    const mail = await arrived(sam)
    expect(mail.from?.value).toEqual([{ name: 'Acme Field', address: 'fieldkey@acme.test' }])
    expect(mail.subject).toBe('You changed your password')
    expect(mail.text).toContain('Hello Sam,')
    expect(mail.text).toContain('Monday 9 March 2026, 09:41 UTC')
    expect(mail.html).toContain('Hello Sam,')
    await vi.waitFor(async () => expect(await emailRow(sam)).toMatchObject({ status: 'sent' }), 5_000)
    expect((await emailRow(sam)).server_answer).toContain('250')
  })

  test('never leaves when its transaction is undone', async () => {
    const { otto } = app.cast
    const undone = app.db.transaction(async (tx) => {
      await enqueueEmail(tx, emailTo(otto))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await send(app.cast.admin)
    await arrived(app.cast.admin)
    expect(mailbox.mails.some(({ text }) => text?.includes('Otto'))).toBe(false)
  })

  test('is tried again when the mail server turns it away for now', async () => {
    mailbox.refusals.push('451 come back later')
    await send(app.cast.owner)
    await arrived(app.cast.owner)
    await vi.waitFor(async () => expect((await emailRow(app.cast.owner)).status).toBe('sent'), 5_000)
  })

  test('that fails at the last try says so, with the server’s words, in the log', async () => {
    const { auditor } = app.cast
    mailbox.refusals.push('mailbox is full')
    await app.db.transaction(async (tx) => {
      await enqueueEmail(tx, emailTo(auditor))
      await run(tx, sql`update graphile_worker._private_jobs set max_attempts = 1`)
    })
    await vi.waitFor(async () => expect((await emailRow(auditor)).status).toBe('failed'), 10_000)
    expect((await emailRow(auditor)).server_answer).toContain('mailbox is full')
    expect(await activityFor(app.db, auditor, 'mail_failed')).toMatchObject([
      { details: { template: 'password_changed' } },
    ])
  })

  test('reaches only its recipient, whatever stands in their name', async () => {
    const tricky = await app.createUser({ name: 'Eve Comma', role: 'Fieldworker' })
    await send({ ...tricky, name: 'Eve\r\nBcc: evil@x.test, <evil@x.test>' })
    const mail = await arrived(tricky)
    expect(mail.bcc).toBeUndefined()
    expect(mail.to && !Array.isArray(mail.to) && mail.to.value.map(({ address }) => address)).toEqual([
      tricky.email,
    ])
  })
})
