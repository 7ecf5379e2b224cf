import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/foundation/db.ts'
import { post } from '../../src/foundation/mail/post.ts'
import { startWorker, type Worker } from '../../src/worker.ts'
import { testHouse } from '../support/house.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { logged, type Somebody } from '../support/people.ts'

const house = testHouse()
let mailbox: Mailbox
let worker: Worker

beforeAll(async () => {
  mailbox = await openMailbox()
  const settings = { SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test', COMPANY_NAME: 'Acme Field' }
  worker = await startWorker(house.connectionString, house.configWith({ ...settings }))
})
afterAll(async () => {
  await worker.stop()
  await mailbox.close()
})

const letterTo = (who: Somebody) => ({
  template: 'password_changed',
  to: who,
  data: { name: who.name, email: who.email, at: new Date('2026-03-09T09:41:00Z'), device: 'Chrome, Windows' },
})
const send = (who: Somebody) => house.db.transaction((tx) => post(tx, letterTo(who)))
const arrived = (who: Somebody) =>
  vi.waitFor(() => {
    const mail = mailbox.mails.find(({ to }) => to && !Array.isArray(to) && to.text.includes(who.email))
    if (!mail) throw new Error(`Nothing came for ${who.email}`)
    return mail
  }, 10_000)
const letterRow = (who: Somebody) =>
  one(
    house.db,
    z.object({ status: z.string(), server_answer: z.string().nullable() }),
    sql`select status, server_answer from letters where user_id = ${who.id}`,
  )

describe('a letter', () => {
  test('goes out by SMTP once its deed is committed, with a text and an HTML part', async () => {
    const { sam } = house.cast
    await send(sam)
    const mail = await arrived(sam)
    expect(mail.from?.value).toEqual([{ name: 'Acme Field', address: 'fieldkey@acme.test' }])
    expect(mail.subject).toBe('You changed your password')
    expect(mail.text).toContain('Hello Sam,')
    expect(mail.text).toContain('Monday 9 March 2026, 09:41 UTC')
    expect(mail.html).toContain('Hello Sam,')
    await vi.waitFor(async () => expect(await letterRow(sam)).toMatchObject({ status: 'sent' }), 5_000)
    expect((await letterRow(sam)).server_answer).toContain('250')
  })

  test('never leaves when its deed is undone', async () => {
    const { otto } = house.cast
    const undone = house.db.transaction(async (tx) => {
      await post(tx, letterTo(otto))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await send(house.cast.admin)
    await arrived(house.cast.admin)
    expect(mailbox.mails.some(({ text }) => text?.includes('Otto'))).toBe(false)
  })

  test('is tried again when the mail server turns it away for now', async () => {
    mailbox.refusals.push('451 come back later')
    await send(house.cast.owner)
    await arrived(house.cast.owner)
    await vi.waitFor(async () => expect((await letterRow(house.cast.owner)).status).toBe('sent'), 5_000)
  })

  test('that fails at the last try says so, with the server’s words, in the log', async () => {
    const { auditor } = house.cast
    mailbox.refusals.push('mailbox is full')
    await house.db.transaction(async (tx) => {
      await post(tx, letterTo(auditor))
      await run(tx, sql`update graphile_worker._private_jobs set max_attempts = 1`)
    })
    await vi.waitFor(async () => expect((await letterRow(auditor)).status).toBe('failed'), 10_000)
    expect((await letterRow(auditor)).server_answer).toContain('mailbox is full')
    expect(await logged(house.db, auditor, 'mail_failed')).toMatchObject([
      { details: { template: 'password_changed' } },
    ])
  })

  test('reaches only whom it is for, whatever stands in their name', async () => {
    const tricky = await house.add({ name: 'Eve Comma', role: 'Fieldworker' })
    await send({ ...tricky, name: 'Eve\r\nBcc: evil@x.test, <evil@x.test>' })
    const mail = await arrived(tricky)
    expect(mail.bcc).toBeUndefined()
    expect(mail.to && !Array.isArray(mail.to) && mail.to.value.map(({ address }) => address)).toEqual([
      tricky.email,
    ])
  })
})
