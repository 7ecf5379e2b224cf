import { beforeAll, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp({ COMPANY_NAME: 'Demo Field Services' })
let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
  // As it is before anybody was added.
  await run(app.db, sql`delete from users where email in ('sam@firm.test', 'otto@firm.test')`)
})

/** The steps in their order: whether each is done, and its name. */
async function steps(who = owner): Promise<string[]> {
  const { text } = await who.get('/today').expect(200)
  const list = /<ol class="steps">[\s\S]*?<\/ol>/.exec(text)?.[0] ?? ''
  return [...list.matchAll(/<li( class="done")?>[\s\S]*?<b>([^<]*)<\/b>/g)].map(
    ([, done, name]) => `${done ? 'done' : 'open'}: ${name}`,
  )
}
const company = (fields: Record<string, string>) =>
  owner.post('/settings/company/profile', {
    name: 'Demo Field Services',
    timeZone: 'UTC',
    officePhone: '',
    ...fields,
  })

test('an Owner of a new company is led through the first steps, each done once it is done', async () => {
  const names = [
    'Name your company',
    'Give the office phone number',
    'Send a test email to yourself',
    'Add your first people',
    'Add a second Owner',
  ]
  const done = async (count: number) =>
    expect(await steps()).toEqual(names.map((name, at) => `${at < count ? 'done' : 'open'}: ${name}`))
  await done(0)
  await company({ name: 'Acme Field', timeZone: 'Europe/Amsterdam' })
  await done(1)
  await company({ name: 'Acme Field', officePhone: '+31 20 555 0100' })
  await done(2)
  await owner.post('/settings/company/test-email', {}, '/settings/company/profile')
  await done(2) // it has not arrived yet
  await app.runJobs()
  await done(3)
  await app.createUser({ name: 'Wanda First', role: 'Fieldworker' })
  await done(4)
  await app.createUser({ name: 'Ona Second', role: 'Owner' })
  expect(await steps()).toEqual([])
})

test('each step leads to a page that opens', async () => {
  await run(app.db, sql`update company set office_phone = null`)
  const { text } = await owner.get('/today')
  const links = [
    ...(/<ol class="steps">[\s\S]*?<\/ol>/.exec(text)?.[0].matchAll(/<a class="[^"]*" href="([^"]+)"/g) ??
      []),
  ]
  expect(links.length).toBe(5)
  for (const [, href] of links) await owner.get(href ?? '').expect(200)
})

test('they are for people who may take all of them', async () => {
  for (const who of ['admin', 'dispatcher'] as const) expect(await steps(await app.as(who))).toEqual([])
})

test('they are put away for everybody, and stay away', async () => {
  expect(await steps()).not.toEqual([])
  const answer = await owner.post('/today/first-steps/dismiss', {}, '/today')
  expect([answer.status, answer.headers.location]).toEqual([303, '/today'])
  expect(textOf((await owner.get('/today')).text)).toContain('The first steps are put away')
  expect(await steps()).toEqual([])
})
