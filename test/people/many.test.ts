import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { seed } from '../../src/demo/seed.ts'
import { one, sql } from '../../src/foundation/db.ts'
import { floor } from '../../src/passwords/hash.ts'
import { testHouse } from '../support/house.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
let admin: Visitor
beforeAll(async () => {
  await seed(house.db, floor, { fieldworkers: 12_000, events: 0 })
  admin = await house.as('admin')
}, 60_000)

const teamOf = (name: string) =>
  one(house.db, z.object({ id: z.string() }), sql`select id from teams where name = ${name}`)
const options = (html: string) =>
  [...(/<select name="team"[\s\S]*?<\/select>/.exec(html)?.[0] ?? '').matchAll(/<option[^>]*>([^<]+)/g)].map(
    ([, label]) => label,
  )

test('people are counted to ten thousand in each status, and by the thousand beyond', async () => {
  const page = words((await admin.get('/fieldworkers')).text)
  expect(page).toContain('10,000+ people, by name')
  expect(page).toMatch(/All 10,000\+ Active 10,000\+ Invited 0 Inactive 600 Blocked 240/)
  expect(words((await admin.get('/fieldworkers?status=blocked')).text)).toContain('240 people, by name')
})

test('so many teams are not all listed: the first hundred, and the one that is chosen', async () => {
  const first = (await admin.get('/fieldworkers')).text
  expect(options(first)).toHaveLength(102)
  expect(options(first).at(-1)).toBe('202 more: click a team in the list')
  const { id } = await teamOf('Crew 0299')
  const chosen = (await admin.get(`/fieldworkers?team=${id}`)).text
  expect(options(chosen)).toContain('Crew 0299')
  expect(words(chosen)).toContain('40 people found')
})

test('a click on the team of somebody in the list shows that team', async () => {
  const { id } = await teamOf('Crew 0001')
  expect((await admin.get('/fieldworkers?q=ada.berg.20@')).text).toContain(
    `href="/fieldworkers?team=${id}">Crew 0001<`,
  )
})
