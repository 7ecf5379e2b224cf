import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { seed } from '../../src/embedded/demo/seed.ts'
import { one, sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
beforeAll(async () => {
  await seed(app.db, minimumStrength, { fieldworkers: 12_000, events: 0 })
  admin = await app.as('admin')
}, 60_000)

const teamOf = (name: string) =>
  one(app.db, z.object({ id: z.string() }), sql`select id from teams where name = ${name}`)
const options = (html: string) =>
  [...(/<select name="team"[\s\S]*?<\/select>/.exec(html)?.[0] ?? '').matchAll(/<option[^>]*>([^<]+)/g)].map(
    ([, label]) => label,
  )

test('people are counted to ten thousand in each status, and by the thousand beyond', async () => {
  const page = textOf((await admin.get('/fieldworkers')).text)
  expect(page).toContain('10,000+ people, by name')
  expect(page).toMatch(/All 10,000\+ Active 10,000\+ Invited 0 Inactive 600 Blocked 240/)
  expect(textOf((await admin.get('/fieldworkers?status=blocked')).text)).toContain('240 people, by name')
})

test('so many teams are not all listed: the first hundred, and the one that is chosen', async () => {
  const first = (await admin.get('/fieldworkers')).text
  expect(options(first)).toHaveLength(102)
  expect(options(first).at(-1)).toBe('202 more: click a team in the list')
  const { id } = await teamOf('Crew 0299')
  const chosen = (await admin.get(`/fieldworkers?team=${id}`)).text
  expect(options(chosen)).toContain('Crew 0299')
  expect(textOf(chosen)).toContain('40 people found')
})

test('a click on the team of somebody in the list shows that team', async () => {
  const { id } = await teamOf('Crew 0001')
  expect((await admin.get('/fieldworkers?q=ada.berg.20@')).text).toContain(
    `href="/fieldworkers?team=${id}">Crew 0001<`,
  )
})
