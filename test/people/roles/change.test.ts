import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Permission } from '../../../src/access/permissions.ts'
import { many, maybeOne, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { password } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { customRole, list, roleId } from '../../support/roles.ts'

const app = createTestApp()
const Saved = z.object({
  name: z.string(),
  scope: z.string(),
  permissions: z.array(z.string()),
  version: z.number(),
})
const saved = (id: string) =>
  maybeOne(app.db, Saved, sql`select name, scope, permissions, version from roles where id = ${id}`)
const Told = z.object({ actor_id: z.string(), details: z.looseObject({}) })
const told = (role: string) =>
  many(
    app.db,
    Told,
    sql`select actor_id, details from activity_log
        where event = 'permissions_changed' and details ->> 'role' = ${role} order by seq`,
  )
const form = (name: string, permissions: Permission[], more: Record<string, string> = {}) => ({
  ...{ name, scope: 'company', permissions, version: '1' },
  ...more,
})

let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
})

describe('a role of the company’s own', () => {
  test.each(['passwords.change', 'users.impersonate'] as const)(
    'with %s is refused without View people, in words beside the matrix',
    async (permission) => {
      const answer = await owner.post(`${list}/new`, form('Blind desk', [permission, 'activity.view']))
      expect([answer.status, textOf(answer.text)]).toEqual([
        422,
        expect.stringContaining('Tick View people, too, or clear those.'),
      ])
      expect(answer.text).toMatch(new RegExp(`value="${permission}"[^>]* checked`))
      expect(
        (await owner.post(`${list}/new`, form(`Desk ${permission}`, [permission, 'users.view']))).status,
      ).toBe(303)
    },
  )

  test('is made with the permissions that were ticked, and the log says which', async () => {
    const made = form('Season desk', ['users.view', 'passwords.change'], { scope: 'team' })
    const answer = await owner.post(`${list}/new`, made)
    expect([answer.status, answer.headers.location]).toEqual([303, list])
    expect(textOf((await owner.get(list)).text)).toContain('The role Season desk is created')
    const id = await roleId(app.db, 'Season desk')
    expect(await saved(id)).toMatchObject({ scope: 'team', permissions: ['users.view', 'passwords.change'] })
    expect(await told('Season desk')).toEqual([
      {
        actor_id: app.cast.owner.id,
        details: {
          role: 'Season desk',
          role_id: id,
          before: null,
          after: 'own team: users.view, passwords.change',
        },
      },
    ])
    expect(textOf((await owner.get('/activity-log')).text)).toContain(
      'Olivia Owner made the role Season desk',
    )
  })

  test('may hold one permission, or none', async () => {
    for (const permissions of [['activity.view'], []] as Permission[][]) {
      const name = `With ${permissions.length}`
      expect((await owner.post(`${list}/new`, form(name, permissions))).status).toBe(303)
      expect((await saved(await roleId(app.db, name)))?.permissions).toEqual(permissions)
    }
  })

  test('is changed and renamed, and the log holds it before and after', async () => {
    const id = await customRole(app.db, 'Night desk', ['users.view'], 'team')
    const answer = await owner.post(`${list}/${id}`, form('Late desk', ['users.view', 'users.manage']))
    expect(answer.status).toBe(303)
    expect(await saved(id)).toEqual({
      ...{ name: 'Late desk', scope: 'company', permissions: ['users.view', 'users.manage'], version: 2 },
    })
    const [entry] = await told('Late desk')
    expect(entry?.details).toMatchObject({
      before: 'own team: users.view',
      after: 'company: users.view, users.manage',
      renamed_from: 'Night desk',
    })
    const log = textOf((await owner.get('/activity-log')).text)
    expect(log).toContain('changed the permissions of the role Late desk')
    expect(log).toContain(
      'From own team: users.view to company: users.view, users.manage. It was called Night desk.',
    )
  })

  test('is left as it is when nothing about it changed, and the log stays silent', async () => {
    const id = await customRole(app.db, 'Same desk', ['users.view'])
    expect((await owner.post(`${list}/${id}`, form('Same desk', ['users.view']))).status).toBe(303)
    expect((await saved(id))?.version).toBe(1)
    expect(await told('Same desk')).toEqual([])
  })

  test('is deleted when nobody has it, and the log holds what it was', async () => {
    const id = await customRole(app.db, 'Old desk', ['users.view'])
    const answer = await owner.post(`${list}/${id}/deletion`, {}, `${list}/${id}`)
    expect([answer.status, answer.headers.location]).toEqual([303, list])
    expect(await saved(id)).toBeUndefined()
    expect((await told('Old desk'))[0]?.details).toMatchObject({ before: 'company: users.view', after: null })
    expect(textOf((await owner.get('/activity-log')).text)).toContain('deleted the role Old desk')
  })

  test('stays as long as somebody has it', async () => {
    const id = await customRole(app.db, 'Busy desk', ['users.view'])
    await app.createUser({ name: 'Bea Busy', role: 'Busy desk' })
    expect((await owner.get(`${list}/${id}`)).text).not.toContain('/deletion"')
    const answer = await owner.post(`${list}/${id}/deletion`, {}, `${list}/${id}`)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain('One person has this role. Give them another role first.')
    expect(await saved(id)).toBeDefined()
  })
})

describe('what cannot be is told beside its field, and what was typed stays', () => {
  test.each([
    ['no name', { name: '  ' }, 'Enter a name for the role.'],
    ['a name that is too long', { name: 'x'.repeat(81) }, 'A name has at most 80 characters.'],
    ['a character that cannot be typed', { name: 'a\0b' }, 'contains a character that cannot be typed'],
    ['the name of a built-in role', { name: 'aDMIN' }, 'Another role has this name.'],
    ['no reach', { scope: 'galaxy' }, 'Choose a scope for the role.'],
    [
      'a permission that does not exist',
      { permissions: ['users.view', 'root'] },
      'Choose from the listed permissions',
    ],
    [
      'setting roles for a team',
      { scope: 'team', permissions: ['roles.manage'] },
      'affect the whole company',
    ],
  ])('%s', async (_, wrong, message) => {
    const answer = await owner.post(`${list}/new`, {
      ...form('Odd desk', ['users.view', 'campaigns.manage']),
      ...wrong,
    })
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain(message)
    if (!('permissions' in wrong)) expect(answer.text).toMatch(/value="campaigns.manage" checked/)
    if (!('name' in wrong)) expect(answer.text).toContain('value="Odd desk"')
    expect(await maybeOne(app.db, Saved, sql`select * from roles where name = 'Odd desk'`)).toBeUndefined()
  })

  test('of two who change a role at once the second is told what the first saved, and nothing is lost', async () => {
    const id = await customRole(app.db, 'Shared desk', ['users.view'])
    const page = `${list}/${id}`
    const [first, second] = [await owner.token(page), await (await app.as('owner')).get(page)]
    expect(second.text).toContain('name="version" value="1"')
    await owner.postBare(page, { ...form('Shared desk', ['users.view', 'activity.view']), _csrf: first })

    const answer = await owner.post(page, form('Shared desk', ['users.view', 'campaigns.manage']))
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain('it is now “Shared desk”, company: users.view, activity.view')
    expect((await saved(id))?.permissions).toEqual(['users.view', 'activity.view'])
    expect(answer.text).toMatch(/value="campaigns.manage" checked/)
    const again = form('Shared desk', ['users.view', 'campaigns.manage'], { version: '2' })
    expect((await owner.post(page, again)).status).toBe(303)
    expect((await saved(id))?.permissions).toEqual(['users.view', 'campaigns.manage'])
  })

  test('of ten who save the same version at once one is done', async () => {
    const id = await customRole(app.db, 'Crowded desk', ['users.view'])
    const _csrf = await owner.token(`${list}/${id}`)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        owner.postBare(`${list}/${id}`, { ...form(`Crowded desk ${i}`, ['users.view']), _csrf }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(9).fill(422)])
    expect((await saved(id))?.version).toBe(2)
  })
})

test('a change works at the next request, in sessions that are open', async () => {
  const id = await customRole(app.db, 'Log desk', ['users.view', 'activity.view'])
  const reader = await app.signIn(await app.createUser({ name: 'Rita Reader', role: 'Log desk' }))
  expect((await reader.get('/activity-log')).status).toBe(200)
  await owner.post(`${list}/${id}`, form('Log desk', ['users.view']))
  expect((await reader.get('/activity-log')).status).toBe(403)
  expect((await reader.get('/fieldworkers')).status).toBe(200)
  await owner.post(`${list}/${id}`, form('Log desk', ['users.view'], { scope: 'team', version: '2' }))
  expect(textOf((await reader.get('/fieldworkers')).text)).not.toContain('Sam Field')
})

test('the password is asked for again before a role is touched, at the form and at each action', async () => {
  const id = await customRole(app.db, 'Step desk', ['users.view'])
  const somebody = await app.as('owner')
  const _csrf = await somebody.token('/account/password')
  await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
  const asked = (next: string) => `/confirm-password?next=${encodeURIComponent(next)}`
  for (const place of [`${list}/new`, `${list}/${id}`])
    expect((await somebody.get(place)).headers.location).toBe(asked(place))
  const fields = { ...form('Step desk', ['users.view', 'users.manage']), _csrf }
  expect((await somebody.postBare(`${list}/new`, fields)).headers.location).toBe(asked(`${list}/new`))
  for (const place of [`${list}/${id}`, `${list}/${id}/deletion`])
    expect((await somebody.postBare(place, fields)).headers.location).toBe(asked(`${list}/${id}`))
  expect(await saved(id)).toMatchObject({ permissions: ['users.view'], version: 1 })
  await somebody.post('/confirm-password', { password, next: `${list}/${id}` })
  expect((await somebody.get(`${list}/${id}`)).status).toBe(200)
  await run(app.db, sql`update sessions set reauthenticated_at = now()`)
})
