import { beforeAll, describe, expect, test } from 'vitest'
import { permissions } from '../../../src/access/permissions.ts'
import { createUser } from '../../support/people.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { customRole, list, roleId } from '../../support/roles.ts'

const app = createTestApp()
let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
})

// Who holds what, written out by hand.
const matrix = `
  permission          Owner  Admin  Dispatcher  Auditor  Fieldworker
  users.view          Yes    Yes    Yes         No       No
  users.manage        Yes    Yes    No          No       No
  passwords.change    Yes    Yes    Yes         No       No
  users.impersonate   Yes    Yes    No          No       No
  activity.view       Yes    Yes    No          Yes      No
  activity.export     Yes    Yes    No          Yes      No
  campaigns.manage    Yes    Yes    No          No       No
  automations.manage  Yes    Yes    No          No       No
  roles.manage        Yes    No     No          No       No
  settings.manage     Yes    Yes    No          No       No`

const written = matrix
  .trim()
  .split('\n')
  .map((row) => row.trim().split(/ {2,}/))

/** The cells of the table on a page, in words. */
const cells = (html: string): string[][] =>
  [...html.matchAll(/<tr[ >][\s\S]*?<\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<t[hd][ >][\s\S]*?<\/t[hd]>/g)].map(([cell]) => textOf(cell).replace(/^– /, '')),
  )

describe('the matrix', () => {
  test('says of each built-in role what it may do, how far it reaches and how many have it', async () => {
    const [heads = [], reaches, ...rows] = cells((await owner.get(list)).text)
    expect(heads.slice(1)).toEqual([
      ...['Owner 1 person', 'Admin 1 person', 'Dispatcher 1 person', 'Auditor 1 person'],
      'Fieldworker 2 people',
    ])
    expect(reaches).toEqual(['Reaches', 'Company', 'Company', 'Own team', 'Company', 'Own account'])
    const held = rows
      .filter((row) => row.length > 1)
      .map(([name = '', ...row]) => [name.split(' ').at(-1), ...row])
    expect(held).toEqual(written.slice(1))
    expect(held.map(([permission]) => permission)).toEqual(expect.arrayContaining([...permissions]))
  })

  test('leads from how many have a role to who they are', async () => {
    const id = await roleId(app.db, 'Dispatcher')
    expect((await owner.get(list)).text).toContain(`href="/settings/company/users?role=${id}">1 person</a>`)
    const found = textOf((await owner.get(`/settings/company/users?role=${id}`)).text)
    expect(found).toContain('Tom Dispatcher')
    expect(found).not.toContain('Sam Field')
    const empty = textOf((await owner.get(`/settings/company/users?role=${id}&q=sam`)).text)
    expect(empty).toContain('people in all teams with the role Dispatcher')
  })

  test('says that a role for one’s own team reaches nobody without one, and counts those people', async () => {
    expect(textOf((await owner.get(list)).text)).toContain('Someone without a team can act on nobody.')
    const id = await customRole(app.db, 'Crew desk', ['users.view'], 'team')
    const stray = await app.createUser({ name: 'Stella Stray', role: 'Crew desk' })
    expect(textOf((await owner.get(`${list}/${id}`)).text)).toContain(
      '1 person is affected immediately. 1 of them in no team.',
    )
    const fieldworkers = textOf((await (await app.signIn(stray)).get('/fieldworkers')).text)
    expect(fieldworkers).not.toContain('Sam Field')
  })

  test.each(['Owner', 'Fieldworker'])(
    'shows the built-in role %s to read, without anything to change',
    async (name) => {
      const { status, text } = await owner.get(`${list}/${await roleId(app.db, name)}`)
      expect(status).toBe(200)
      expect(textOf(text)).toContain('This role is built in and stays as it is')
      expect(text).not.toMatch(/type="checkbox"|name="version"/)
    },
  )

  test('what a role is called is shown, never run', async () => {
    const name = '"><svg onload=alert(1)>'
    await customRole(app.db, name, ['users.view'])
    await createUser(app.db, { name: 'Odd One', email: 'odd@firm.test', role: name })
    for (const page of [list, '/settings/company/users', '/activity-log']) {
      const { text } = await owner.get(page)
      expect(text).not.toContain('<svg onload')
    }
    expect((await owner.get(list)).text).toContain('&lt;svg onload=alert(1)&gt;')
  })
})

test.each([
  ['owner', ['Users', 'Teams', 'Roles & permissions', 'Security', 'Company', 'Canned responses']],
  ['admin', ['Users', 'Teams', 'Security', 'Company', 'Canned responses']],
  ['dispatcher', ['Users']],
] as const)('%s is shown the settings that they may open', async (who, tabs) => {
  const { text } = await (await app.as(who)).get('/settings/company/users')
  const nav = /<nav class="tabs"[\s\S]*?<\/nav>/.exec(text)?.[0] ?? ''
  expect([...nav.matchAll(/>([^<>]+)<\/a>/g)].map(([, label = '']) => textOf(label))).toEqual(tabs)
})

test('the bar leads a person who only sets roles straight to them, and shows an auditor no settings', async () => {
  await customRole(app.db, 'Role keeper', ['roles.manage'])
  const keeper = await app.signIn(await app.createUser({ name: 'Kay Keeper', role: 'Role keeper' }))
  const { text } = await keeper.get('/account')
  expect(/<nav id="nav"[\s\S]*?<\/nav>/.exec(text)?.[0]).toContain('href="/settings/company/roles"')
  expect((await keeper.get(list)).text).not.toContain('/settings/company/users?role=')
  expect((await (await app.as('auditor')).get('/account')).text).not.toContain('href="/settings/')
})
