import { beforeAll, expect, test } from 'vitest'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

const blocked = '/fieldworkers?status=blocked'
const save = (name: string, address: string, by = admin) =>
  by.post('/views', { name, address }, '/fieldworkers')
/** The views above a page: name and address. */
async function views(address: string, by = admin): Promise<string[]> {
  const { text } = await by.get(address).expect(200)
  const nav = /<nav class="chips" aria-label="Saved views">[\s\S]*?<\/nav>/.exec(text)?.[0] ?? ''
  return [...nav.matchAll(/<a class="chip" href="([^"]+)"[\s\S]*?<\/svg>([^<]+)<\/a>/g)].map(
    ([, href = '', name = '']) => `${name}: ${href.replaceAll('&amp;', '&')}`,
  )
}

test('a view is a name for the filters of a page, without the place in the list', async () => {
  const after = crypto.randomUUID()
  const answer = await save('Blocked ones', `${blocked}&after=${after}`)
  expect([answer.status, answer.headers.location]).toEqual([303, `${blocked}&after=${after}`])
  expect(await views('/fieldworkers')).toEqual([`Blocked ones: ${blocked}`])
  expect(await views('/settings/company/users')).toEqual([])
  await save('Blocked ones', '/fieldworkers?verified=no')
  expect(await views('/fieldworkers')).toEqual(['Blocked ones: /fieldworkers?verified=no'])
})

test('it is one’s own, and only its owner removes it', async () => {
  const [owner, dispatcher] = [await app.as('owner'), await app.as('dispatcher')]
  await save('Mine', blocked, owner)
  expect(await views('/fieldworkers', dispatcher)).toEqual([])
  const { text } = await owner.get(blocked)
  const [, remove = ''] = /formaction="(\/views\/[\w-]+\/remove)"/.exec(text) ?? []
  expect((await dispatcher.post(remove, {}, '/fieldworkers')).status).toBe(404)
  expect(await views('/fieldworkers', owner)).toHaveLength(1)
  const answer = await owner.post(remove, { returnTo: '/fieldworkers' }, '/fieldworkers')
  expect([answer.status, answer.headers.location]).toEqual([303, '/fieldworkers'])
  expect(textOf((await owner.get('/fieldworkers')).text)).toContain('The view “Mine” is removed')
  expect(await views('/fieldworkers', owner)).toEqual([])
})

test.each([
  ['https://evil.test/fieldworkers?status=blocked'],
  ['//evil.test/fieldworkers'],
  ['/account'],
  ['/fieldworkers/../settings/company/security'],
  [`/fieldworkers?q=${'x'.repeat(1_100)}`],
  [''],
])('no other address has views: %s', async (address) => {
  const answer = await save('Elsewhere', address)
  expect([answer.status, textOf(answer.text)]).toEqual([
    422,
    expect.stringContaining('This page has no views to save.'),
  ])
})

test('a name that is missing or too long is refused beside the field, and the filters stay', async () => {
  for (const name of ['', ' ', 'n'.repeat(41)]) {
    const answer = await save(name, blocked)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`name="address" value="${blocked}"`)
    expect(answer.text).toContain('id="name-error"')
  }
})

test('twenty views of a page are enough', async () => {
  const dispatcher = await app.as('dispatcher')
  for (let i = 0; i < 20; i++) expect((await save(`View ${i}`, blocked, dispatcher)).status).toBe(303)
  const answer = await save('One more', blocked, dispatcher)
  expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('Remove one first.')])
  expect((await save('view 3', '/fieldworkers?status=active', dispatcher)).status).toBe(303)
})
