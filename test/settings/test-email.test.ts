import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { textOf } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
const page = '/settings/company/profile'
beforeEach(async () => {
  await resetRateLimits(app.db)
  await run(app.db, sql`update emails set user_id = null`)
})

const sendAs = async (who: 'admin' | 'owner' | 'dispatcher' | 'auditor') => {
  const client = await app.as(who)
  const from = who === 'admin' || who === 'owner' ? page : '/account'
  return { client, answer: await client.post('/settings/company/test-email', {}, from) }
}
/** Delivers what waits to a mail server that answers so. */
async function deliver(judge?: Mailbox['judge']) {
  const mailbox = await openMailbox()
  if (judge) mailbox.judge = judge
  await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' }).catch(() => {})
  void mailbox.close()
  return mailbox.mails
}

describe('a test email', () => {
  test('goes to the person who asked for it, and the page tells what the mail server answered', async () => {
    const { client, answer } = await sendAs('admin')
    expect([answer.status, answer.headers.location]).toEqual([303, `${page}#test-email`])
    const waiting = await client.get(page)
    expect(textOf(waiting.text)).toContain('A test email is on its way It goes to admin@firm.test.')
    expect(textOf(waiting.text)).toMatch(
      /The test email of today, \d\d:\d\d is on its way The mail server has not answered yet\./,
    )
    expect(waiting.text).toMatch(/id="test-email"[^>]*data-live="1500"/)

    const mails = await deliver()
    expect(mails.map(({ subject, to }) => [subject, JSON.stringify(to).includes('admin@firm.test')])).toEqual(
      [['Test email from Acme Field', true]],
    )
    const done = await client.get(page)
    expect(textOf(done.text)).toMatch(
      /The test email of today, \d\d:\d\d was sent The answer was: “250 .+”\./,
    )
    expect(done.text).not.toContain('data-live')
  })

  test('that the mail server refuses says so, in its words, and is recorded', async () => {
    const { client } = await sendAs('admin')
    await deliver(() => ({ code: 550, words: '5.1.1 no <b>such</b> mailbox' }))
    const { text } = await client.get(page)
    expect(textOf(text)).toMatch(
      /The test email of today, \d\d:\d\d failed The answer was: “.*550 5\.1\.1 no/,
    )
    expect(text).toContain('no &lt;b&gt;such&lt;/b&gt; mailbox')
    const { rows } = await app.db.query(
      sql`select details ->> 'template' as template from activity_log
          where event = 'mail_failed' and details ->> 'template' = 'test_email'`,
    )
    expect(rows).toEqual([{ template: 'test_email' }])
  })

  test('that is put off says that it is tried again', async () => {
    const { client } = await sendAs('admin')
    await deliver(() => ({ code: 451, words: '4.7.1 come back later' }))
    expect(textOf((await client.get(page)).text)).toMatch(
      /is on its way Not taken yet\. The answer was: “.*4\.7\.1 come back later”\. It is tried again\./,
    )
  })

  test('of another person is not shown, and neither is another email', async () => {
    await sendAs('admin')
    const owner = await app.as('owner')
    expect((await owner.get(page)).text).not.toContain('The test email of')
  })

  test('is in the email log, and is no event: nothing changed', async () => {
    const before = await app.db.query(sql`select seq from activity_log where event <> 'sign_in'`)
    const { client } = await sendAs('admin')
    expect(textOf((await client.get('/email-log?template=test_email')).text)).toContain('admin@firm.test')
    const after = await app.db.query(sql`select seq from activity_log where event <> 'sign_in'`)
    expect(after.rows).toEqual(before.rows)
  })

  test('is for people who manage the settings of the company', async () => {
    for (const who of ['dispatcher', 'auditor'] as const)
      expect((await sendAs(who)).answer.status, who).toBe(403)
    expect((await sendAs('owner')).answer.status).toBe(303)
  })

  test('is sent five times in ten minutes, no more', async () => {
    const client = await app.as('admin')
    const _csrf = await client.token(page)
    const send = () => client.postBare('/settings/company/test-email', { _csrf })
    for (let i = 0; i < 5; i++) expect((await send()).status).toBe(303)
    const answer = await send()
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(textOf(answer.text)).toContain('You have sent several test emails')
  })
})
