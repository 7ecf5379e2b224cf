import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { credential, activityFor, password, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

const somebody = (traits: object = {}) =>
  app.createUser({ name: 'Sam Status', role: 'Fieldworker', team: 'North', ...traits })
const set = (by: HttpClient, { id }: TestUser, status: string) =>
  by.post(`/users/${id}/status`, { status }, '/account')
const statusOf = async ({ id }: TestUser) =>
  (await one(app.db, z.object({ status: z.string() }), sql`select status from users where id = ${id}`)).status
const role = (name: string, scope: string, permissions: string[]) =>
  run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions) values (${name}, 'office', ${scope}, ${permissions})`,
  )

describe('the office changes a status', () => {
  test.each([
    { from: 'active', ask: 'inactive', to: 'inactive', event: 'user_deactivated' },
    { from: 'inactive', ask: 'active', to: 'active', event: 'user_activated' },
    { from: 'active', ask: 'blocked', to: 'blocked', event: 'user_blocked' },
    { from: 'inactive', ask: 'blocked', to: 'blocked', event: 'user_blocked' },
    { from: 'invited', ask: 'blocked', to: 'blocked', event: 'user_blocked' },
    { from: 'blocked', ask: 'active', to: 'active', event: 'user_unblocked' },
  ])(
    '$from to $to: recorded, told, and nothing else of the account moves',
    async ({ from, ask, to, event }) => {
      const who = await somebody({ status: from })
      const before = await credential(app.db, who)
      const answer = await set(admin, who, ask)
      expect([answer.status, answer.headers.location]).toEqual([303, `/fieldworkers/${who.id}`])
      const after = await credential(app.db, who)
      expect(after).toEqual({ ...before, status: to, credential_version: before.credential_version + 1 })
      expect(await activityFor(app.db, who)).toEqual([
        expect.objectContaining({
          event,
          actor_id: app.cast.admin.id,
          details: { before: from, after: to },
        }),
      ])
      expect(textOf((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain(`Sam Status is ${to}`)
    },
  )

  test.each(['inactive', 'blocked'])(
    'row 240: making somebody %s can be undone from the next page, and does not wait for that',
    async (status) => {
      const who = await somebody()
      const device = await app.signIn(who)
      await set(admin, who, status)
      expect((await device.get('/account')).headers.location).toMatch(/^\/sign-in/)
      const { text } = await admin.get(`/fieldworkers/${who.id}`)
      const [, action, name, value] =
        /<button form="act"[^>]* data-undo\s+formaction="([^"]+)" name="(\w+)" value="(\w+)">Undo</.exec(
          text,
        ) ?? []
      expect([action, name, value]).toEqual([`/users/${who.id}/status`, 'status', 'active'])
      expect((await admin.get(`/fieldworkers/${who.id}`)).text).not.toContain('data-undo')
      expect((await set(admin, who, value ?? '')).status).toBe(303)
      expect(await statusOf(who)).toBe('active')
      const events = (await activityFor(app.db, who)).map(({ event }) => event)
      expect(events.at(-1)).toBe(status === 'blocked' ? 'user_unblocked' : 'user_activated')
    },
  )

  test('what would not lead back is not offered to be undone', async () => {
    for (const from of ['inactive', 'invited']) {
      const who = await somebody({ status: from })
      await set(admin, who, 'blocked')
      expect((await admin.get(`/fieldworkers/${who.id}`)).text).not.toContain('data-undo')
    }
  })

  test('and a person who never chose a password is invited again when unblocked', async () => {
    const who = await somebody({ status: 'blocked' })
    await run(
      app.db,
      sql`update users set password_hash = null, password_changed_at = null where id = ${who.id}`,
    )
    const { text } = await admin.get(`/fieldworkers/${who.id}`)
    for (const useless of ['Change password', 'Sign out of all devices']) expect(text).not.toContain(useless)
    const change = await admin.post(`/users/${who.id}/password`, {
      ...{ newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' },
    })
    expect([change.status, textOf(change.text)]).toEqual([
      403,
      expect.stringMatching(/has no password yet.* Ask an Admin to unblock them/),
    ])
    expect((await set(admin, who, 'active')).status).toBe(303)
    expect(await statusOf(who)).toBe('invited')
    expect(textOf((await admin.get('/fieldworkers')).text)).toContain('send a new one')
  })

  test('and shuts somebody out at once, on every device, until they are let in again', async () => {
    const who = await somebody()
    const [phone, desk] = [await app.signIn(who, true), await app.signIn(who)]
    await set(admin, who, 'blocked')
    for (const device of [phone, desk]) expect((await device.get('/account')).status).toBe(303)
    await expect(app.signIn(who)).rejects.toThrow('could not sign in')
    await set(admin, who, 'active')
    expect((await phone.get('/account')).status).toBe(303)
    await app.signIn(who, false, password)
  })
})

describe('a status that cannot be changed so', () => {
  test.each([
    { from: 'invited', ask: 'active', why: 'become active by choosing their first password' },
    { from: 'invited', ask: 'inactive', why: 'can’t sign in yet' },
    { from: 'blocked', ask: 'inactive', why: 'unblock them first' },
    { from: 'active', ask: 'asleep', why: 'Choose one of the statuses' },
    { from: 'active', ask: 'invited', why: 'Choose one of the statuses' },
    { from: 'active', ask: 'active\0', why: 'Choose one of the statuses' },
  ])('stays: $from is not made $ask, and the profile says why', async ({ from, ask, why }) => {
    const who = await somebody({ status: from })
    const answer = await set(admin, who, ask)
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain(why)
    expect(await statusOf(who)).toBe(from)
    expect(await activityFor(app.db, who)).toEqual([])
  })

  test('is left alone where it is so already, and that is said', async () => {
    const who = await somebody()
    expect((await set(admin, who, 'active')).status).toBe(303)
    expect(textOf((await admin.get('/fieldworkers')).text)).toContain('Sam Status is active already')
    expect(await activityFor(app.db, who)).toEqual([])
  })
})

describe('nobody changes a status outside their access', () => {
  test('an Admin none of an Owner, an Owner none of their own, a Dispatcher none at all', async () => {
    const { owner, admin, dispatcher, sam } = app.cast
    for (const [who, target] of [
      ['admin', owner],
      ['owner', owner],
      ['admin', admin],
      ['dispatcher', sam],
      ['sam', dispatcher],
    ] as const) {
      const before = await statusOf(target)
      expect((await set(await app.as(who), target, 'blocked')).status, `${who}, ${target.name}`).toBe(403)
      expect(await statusOf(target)).toBe(before)
    }
  })

  test('a role for one team reaches that team, and in it nobody who holds more', async () => {
    await role('Crew lead', 'team', ['users.view', 'users.manage'])
    const lead = await app.signIn(await somebody({ name: 'Lea Lead', role: 'Crew lead' }))
    const [own, other] = [await somebody(), await somebody({ team: 'Harbour' })]
    expect((await set(lead, own, 'inactive')).status).toBe(303)
    expect((await set(lead, other, 'inactive')).status).toBe(403)
    expect((await set(lead, app.cast.dispatcher, 'inactive')).status).toBe(403)
    expect(await statusOf(other)).toBe('active')
  })

  test('and what was typed long ago is asked for again first', async () => {
    const who = await somebody()
    const admin = await app.as('admin')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where id in
        (select id from sessions where user_id = ${app.cast.admin.id} order by started_at desc limit 1)`,
    )
    const answer = await set(admin, who, 'blocked')
    expect(answer.headers.location).toContain('/confirm-password?next=')
    expect(await statusOf(who)).toBe('active')
  })
})

test('the last active Owner stays, and of the last two, blocked by two people at once, one stays', async () => {
  await role('Everything', 'company', [
    ...[
      'users.view',
      'users.manage',
      'passwords.change',
      'users.impersonate',
      'activity.view',
      'activity.export',
    ],
    ...['campaigns.manage', 'automations.manage', 'roles.manage', 'settings.manage'],
  ])
  const all = await app.signIn(await app.createUser({ name: 'Ella Everything', role: 'Everything' }))
  const refused = await set(all, app.cast.owner, 'blocked')
  expect(refused.status).toBe(422)
  expect(textOf(refused.text)).toContain('There is always at least one active Owner')

  const second = await app.createUser({ name: 'Otis Owner', role: 'Owner' })
  const other = await app.signIn(await app.createUser({ name: 'Eve Everything', role: 'Everything' }))
  const answers = await Promise.all([set(all, app.cast.owner, 'blocked'), set(other, second, 'blocked')])
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  const statuses = [await statusOf(app.cast.owner), await statusOf(second)]
  expect(statuses.sort()).toEqual(['active', 'blocked'])
})

test('a ⋯ menu offers what will be allowed, what shuts out last', async () => {
  const offered = async (by: HttpClient, who: TestUser) => {
    const { text } = await by.get(`/fieldworkers/${who.id}`)
    const [menu = ''] = text.split('class="why ') // the line after the menu has a button of its own
    const buttons = menu.matchAll(
      new RegExp(`formaction="/users/${who.id}/status"[^>]*>(?:<svg.*?</svg>)?([^<]+)`, 'g'),
    )
    return [...buttons].map(([, label]) => label)
  }
  expect(await offered(admin, await somebody())).toEqual(['Deactivate', 'Block'])
  expect(await offered(admin, await somebody({ status: 'inactive' }))).toEqual(['Activate', 'Block'])
  expect(await offered(admin, await somebody({ status: 'invited' }))).toEqual(['Block'])
  expect(await offered(admin, await somebody({ status: 'blocked' }))).toEqual(['Unblock'])
  expect(await offered(admin, app.cast.owner)).toEqual([])
  expect(await offered(await app.as('dispatcher'), app.cast.sam)).toEqual([])
})
