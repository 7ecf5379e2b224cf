import { beforeAll, describe, expect, test } from 'vitest'
import { emailTemplates } from '../../../src/email-templates.ts'
import { renderEmail, type RenderedEmail } from '../../../src/platform/email/render.ts'
import { createTestApp } from '../../support/test-app.ts'
import { openMailbox } from '../../support/mailbox.ts'
import { password } from '../../support/people.ts'

const baseUrl = 'https://keys.acme-field-services.test'
const token = 'Zr0cUPkUQcFzq6kS4lG2mXJdT9bVYw3hA1eN5oI7sRx'
const at = '2026-03-09T09:41:00Z'
const person = { name: 'de Vries, Bas', email: 'bas@firm.test' }
const asked = { ...person, at, device: 'Chrome, Windows' }
const byOffice = { ...person, at, by: 'Dana Admin, Admin' }
const listed = { ...person, people: [{ name: 'Sam Field', team: 'North', at }], days: 90 }
const canned = { ...person, subject: 'Choose a password', expiresIn: '60 minutes' }

/** An example of every email, by its template and what is special of it; those with a link name its page. */
const examples: [template: string, data: object, page?: string][] = [
  ['password_reset', asked, 'reset-password'],
  ['password_reset_done', asked],
  ['password_reset_done', { ...asked, shown: true }],
  ['sign_in_code_shown', { ...byOffice, expiresAt: '2026-03-09T09:51:00Z' }],
  ['test_email', { ...person, at }],
  ['password_changed', asked],
  ['caller_code', { ...person, by: 'Tom Dispatcher', role: 'Dispatcher', until: at }, 'verify-email'],
  ['password_changed_by_office', { ...byOffice, temporary: true, signedOut: true }],
  ['password_changed_by_office', { ...byOffice, temporary: false, signedOut: false }],
  ['new_device', { ...asked, ip: '192.0.2.7' }],
  ['email_verification', { ...asked, forgotten: false }, 'verify-email'],
  ['email_verification', { ...asked, forgotten: true }, 'verify-email'],
  ['email_change', asked, 'verify-email'],
  ['email_change_notice', { ...asked, newEmail: 'new@firm.test' }, 'verify-email'],
  ['email_change_notice', { ...asked, newEmail: 'new@firm.test' }],
  ['email_changed', { ...person, before: 'old@firm.test', after: 'new@firm.test', at }],
  ['email_changed_by_office', { ...byOffice, newEmail: 'new@firm.test' }],
  ['email_changed_by_office', { ...byOffice, newEmail: null }],
  ['role_changed', { ...byOffice, before: 'Fieldworker', after: 'Dispatcher', team: 'North' }],
  ['invitation', { ...person, by: 'Dana Admin, Admin' }, 'invitation'],
  ['owner_made', { ...person, owner: 'Olivia Owner', at, own: false }],
  ['owner_made', { ...person, owner: 'Olivia Owner', at, own: true }],
  [
    'canned_response',
    { ...canned, body: 'Hello {first_name},\n\nPlease.\n\n{reset_link}\n\nThanks.' },
    'reset-password',
  ],
  ['canned_response', { ...canned, body: 'Hello {first_name},\n\nOpen {reset_link} now.' }, 'reset-password'],
  ['password_expiry_reminder', { ...person, at, days: 90, enforced: true }],
  ['password_expiry_reminder', { ...person, at, days: 90, enforced: false }],
  ['password_expired', { ...person, until: at }],
  ['temporary_passwords_expired', listed],
  ['accounts_made_inactive', listed],
]
const renewal =
  /If\s+(it|the\s+link)\s+has\s+expired,\s+open\s+it\s+anyway:\s+one\s+press\s+sends\s+a\s+new\s+one\./
const renewable = ['password_reset', 'email_verification', 'invitation', 'canned_response']

const write = (template: string, data: object, page?: string): RenderedEmail =>
  renderEmail(emailTemplates, template, data, {
    company: { name: 'Acme Field', timeZone: 'UTC', officePhone: null },
    baseUrl,
    code: '418302',
    ...(page ? { link: `${baseUrl}/${page}/${token}` } : {}),
  })
/** What a text reader shows of the HTML: its words, a line for each row. */
const shown = (html: string): string =>
  html
    .replace(/^[\s\S]*<body/, '<body')
    .replace(/<(br|\/tr|\/h1|\/div)>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

test('there is an example of every email (fault 22)', () => {
  expect(new Set(examples.map(([template]) => template))).toEqual(new Set(Object.keys(emailTemplates)))
})

describe.each(examples)('%s', (template, data, page) => {
  let email: RenderedEmail
  beforeAll(() => {
    email = write(template, data, page)
  })

  test('greets by first name and goes on with a capital (fault 22)', () => {
    for (const part of [email.text, shown(email.html)]) expect(part).toMatch(/Hello Bas,\s+\p{Lu}/u)
    expect(`${email.text}${email.html}`).not.toMatch(/undefined|null|\[object|,,/)
  })

  test('prints every address whole, with https and a space after it, in both parts (fault 22)', () => {
    const addresses = [...email.html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href)
    const inText = [...email.text.matchAll(/\S*:\/\/\S*/g)].map(([address]) => address)
    expect(new Set(inText)).toEqual(new Set(addresses))
    const printed = [...shown(email.html).matchAll(/\S*:\/\/\S*/g)].map(([address]) => address)
    expect(new Set(printed)).toEqual(new Set(addresses))
    for (const address of addresses)
      expect(address).toMatch(/^https:\/\/keys\.acme-field-services\.test\/[\w/?=-]+$/)
    if (page) expect(addresses).toContain(`${baseUrl}/${page}/${token}`)
  })

  test('shows the button before it asks whether it was them (fault 22)', () => {
    const question =
      /Was this you\?|Wasn’t you\?|Didn’t ask for this\?|Were you expecting this\?|Not expecting this\?/
    for (const part of [email.text, shown(email.html)]) {
      const asks = part.search(question)
      if (asks >= 0) expect(part.lastIndexOf('://')).toBeLessThan(asks)
    }
  })

  test('says what to do when its link has expired, if one press helps (fault 23)', () => {
    for (const part of [email.text, shown(email.html)])
      expect([template, renewal.test(part)]).toEqual([template, renewable.includes(template)])
  })
})

describe('as it arrives', () => {
  const app = createTestApp()

  test('the email about a change by the office has the address to sign in, whole in both parts (fault 22)', async () => {
    const bas = await app.createUser({ name: 'Bas de Vries', role: 'Fieldworker' })
    const admin = await app.as('admin')
    const choice = {
      newPassword: 'granite ladder 47 osprey',
      confirmPassword: 'granite ladder 47 osprey',
      mustChange: '1',
    }
    const answer = await admin.post(`/users/${bas.id}/password`, { ...choice, returnTo: '/fieldworkers' })
    expect(answer.status).toBe(303)
    const mailbox = await openMailbox()
    await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test', BASE_URL: baseUrl })
    await mailbox.close()
    const mail = mailbox.mails.find(({ text }) => text?.includes('Hello Bas'))
    expect(mail?.text?.split('\n')).toContain(`${baseUrl}/sign-in`)
    expect(shown(String(mail?.html))).toContain(`${baseUrl}/sign-in`)
    for (const secret of [choice.newPassword, password]) expect(JSON.stringify(mail)).not.toContain(secret)
  })

  test('the link of a reset is one line of the text part, however the email is encoded (fault 22)', async () => {
    const bas = await app.createUser({ name: 'Bas de Vries', role: 'Fieldworker' })
    await app.client().post('/forgot-password', { email: bas.email })
    const mailbox = await openMailbox()
    await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test', BASE_URL: baseUrl })
    await mailbox.close()
    const [mail] = mailbox.mails
    const line = mail?.text?.split('\n').find((each) => each.includes('/reset-password/'))
    expect(line).toMatch(/^https:\/\/keys\.acme-field-services\.test\/reset-password\/[\w-]{43}$/)
  })
})
