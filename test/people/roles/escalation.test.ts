import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { permissions, type Permission } from '../../../src/access/permissions.ts'
import { many, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { customRole, list, roleId } from '../../support/roles.ts'

const app = createTestApp()
const own: Permission[] = ['users.view', 'roles.manage']
let keeper: HttpClient
let token: string
let keepers: string

// A role that sets roles, and a person with it: they hold two permissions and may hand on no third.
beforeAll(async () => {
  keepers = await customRole(app.db, 'Role keeper', own)
  keeper = await app.signIn(await app.createUser({ name: 'Kay Keeper', role: 'Role keeper' }))
  token = await keeper.token('/account/password')
})

const form = (name: string, held: readonly Permission[], scope = 'company') => ({
  ...{ name, scope, permissions: [...held], version: '1', _csrf: token },
})
const roles = () =>
  many(
    app.db,
    z.looseObject({}),
    sql`select id, name, kind, scope, permissions, version from roles order by id`,
  )
const entries = async () =>
  (
    await one(
      app.db,
      z.object({ count: z.number() }),
      sql`select count(*)::int from activity_log where event = 'permissions_changed'`,
    )
  ).count

/** Whatever is tried changes no role and logs nothing, and the page says that nothing was changed. */
async function refusedIn(tried: () => PromiseLike<{ status: number; text: string }>) {
  const before = [await roles(), await entries()]
  const answer = await tried()
  expect(answer.status).toBe(403)
  expect(textOf(answer.text)).toContain('Nothing was changed')
  expect([await roles(), await entries()]).toEqual(before)
}

describe('somebody who sets roles and holds little else', () => {
  test('makes and changes roles within what they hold', async () => {
    expect((await keeper.post(`${list}/new`, form('Look desk', ['users.view']))).status).toBe(303)
    const id = await roleId(app.db, 'Look desk')
    expect((await keeper.post(`${list}/${id}`, form('Look desk', own))).status).toBe(303)
  })

  test('is offered no box for what they lack', async () => {
    const { text } = await keeper.get(`${list}/new`)
    const boxes = [...text.matchAll(/name="permissions" value="([^"]+)"/g)].map(
      ([, permission]) => permission,
    )
    expect(boxes.sort()).toEqual([...own].sort())
    expect(textOf(text)).toContain('You lack it')
  })

  const lacking = permissions.filter((permission) => !own.includes(permission))
  test.each(lacking)('cannot make a role with %s, which they lack', (permission) =>
    refusedIn(() => keeper.postBare(`${list}/new`, form('Grand desk', [...own, permission]))),
  )

  test.each(lacking)('cannot lift their own role by %s', (permission) =>
    refusedIn(() => keeper.postBare(`${list}/${keepers}`, form('Role keeper', [...own, permission]))),
  )

  test('cannot lift another role, nor touch one that holds more than they do: not lower it, not rename it, not delete it', async () => {
    const above = await customRole(app.db, 'Password desk', ['users.view', 'passwords.change'])
    const below = await customRole(app.db, 'Small desk', [])
    await refusedIn(() => keeper.postBare(`${list}/${below}`, form('Small desk', permissions)))
    await refusedIn(() => keeper.postBare(`${list}/${above}`, form('Password desk', ['users.view'])))
    await refusedIn(() =>
      keeper.postBare(`${list}/${above}`, form('Other', ['users.view', 'passwords.change'])),
    )
    await refusedIn(() => keeper.postBare(`${list}/${above}/deletion`, { _csrf: token }))
    const { status, text } = await keeper.get(`${list}/${above}`)
    expect([status, /type="checkbox"/.test(text)]).toEqual([200, false])
    expect(textOf(text)).toContain('This role holds what yours lacks')
  })

  test('lowers their own role, and has lost it at the next request', async () => {
    const id = await customRole(app.db, 'Passing keeper', own)
    const passing = await app.signIn(await app.createUser({ name: 'Pat Passing', role: 'Passing keeper' }))
    expect(textOf((await passing.get(`${list}/${id}`)).text)).toContain('This is your own role')
    const _csrf = await passing.token(`${list}/${id}`)
    const lowered = { ...form('Passing keeper', ['users.view']), _csrf }
    expect((await passing.postBare(`${list}/${id}`, lowered)).status).toBe(303)
    await refusedIn(() =>
      passing.postBare(`${list}/${id}`, { ...form('Passing keeper', own), _csrf, version: '2' }),
    )
  })
})

test('built-in roles can be changed and deleted by nobody', async () => {
  const owner = await app.as('owner')
  const _csrf = await owner.token('/account/password')
  for (const name of ['Owner', 'Admin', 'Dispatcher', 'Auditor', 'Fieldworker']) {
    const id = await roleId(app.db, name)
    await refusedIn(() => owner.postBare(`${list}/${id}`, { ...form(name, permissions), _csrf }))
    await refusedIn(() => owner.postBare(`${list}/${id}/deletion`, { _csrf }))
  }
})

test('an Admin, who lacks roles.manage, reaches no route of it', async () => {
  const admin = await app.as('admin')
  const _csrf = await admin.token('/account/password')
  for (const route of [list, `${list}/new`, `${list}/${keepers}`])
    expect((await admin.get(route)).status).toBe(403)
  for (const route of [`${list}/new`, `${list}/${keepers}`, `${list}/${keepers}/deletion`])
    await refusedIn(() => admin.postBare(route, { ...form('Role keeper', []), _csrf }))
})

test('a role for one team that holds roles.manage all the same sets none: roles are the whole company’s', async () => {
  await customRole(app.db, 'Team keeper', own, 'team')
  const client = await app.signIn(
    await app.createUser({ name: 'Tess Team', role: 'Team keeper', team: 'North' }),
  )
  const _csrf = await client.token('/account/password')
  expect((await client.get(list)).status).toBe(403)
  await refusedIn(() =>
    client.postBare(`${list}/new`, { ...form('Crew desk', ['users.view'], 'team'), _csrf }),
  )
})

test('a demoted person sets no role any more, in the session that is open, with the form that is open', async () => {
  const client = await app.signIn(await app.createUser({ name: 'Dee Demoted', role: 'Owner' }))
  const _csrf = await client.token(`${list}/new`)
  await run(
    app.db,
    sql`update users set role_id = (select id from roles where name = 'Admin') where name = 'Dee Demoted'`,
  )
  await refusedIn(() => client.postBare(`${list}/new`, { ...form('Late desk', ['users.view']), _csrf }))
})

test('a person with a role of fieldworkers is made by no form: a custom role is always the office’s', async () => {
  const owner = await app.as('owner')
  await owner.post(`${list}/new`, {
    name: 'Sly desk',
    scope: 'company',
    permissions: ['users.view'],
    kind: 'fieldworker',
    built_in: 'true',
  })
  const row = z.object({ kind: z.string(), built_in: z.boolean() })
  expect(await one(app.db, row, sql`select kind, built_in from roles where name = 'Sly desk'`)).toEqual({
    kind: 'office',
    built_in: false,
  })
})
