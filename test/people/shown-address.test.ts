import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { lockRows, untilWaiting } from '../support/locks.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { customRole, roleId } from '../support/roles.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const route = ({ id }: TestUser) => `/users/${id}/role`

let owner: HttpClient
let mover: HttpClient
let adminRole: string
beforeAll(async () => {
  await customRole(app.db, 'Clerk', ['users.view', 'users.manage'])
  owner = await app.as('owner')
  mover = await app.signIn(await app.createUser({ name: 'Mo Mover', role: 'Clerk' }))
  adminRole = await roleId(app.db, 'Admin')
})
beforeEach(() => run(app.db, sql`delete from rate_limits`))

let added = 0

/** Somebody the office has just added, and who has an invitation. */
async function invited() {
  const email = `ivy.${++added}@firm.test`
  await owner.post('/fieldworkers/new', { name: 'Ivy Invited', email })
  return one(
    app.db,
    z.object({ id: z.string(), name: z.string(), email: z.string() }),
    sql`select id, name, email from users where email = ${email}`,
  )
}
const moved = ({ email }: TestUser) => `mover.${email}`
const move = async (who: TestUser, client = mover) =>
  expect((await client.post(`/users/${who.id}/details`, { email: moved(who) })).status).toBe(303)
const role = async ({ id }: TestUser) =>
  (
    await one(
      app.db,
      z.object({ name: z.string() }),
      sql`select r.name from users u join roles r on r.id = u.role_id where u.id = ${id}`,
    )
  ).name
const emails = async (email: string) =>
  (await app.emailsTo({ id: '', name: '', email })).map(({ template }) => template)

/** All that the form of a page would send as it is shown, with another role. */
async function formOf(client: HttpClient, who: TestUser) {
  const { text } = await client.get(route(who))
  const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return {
    ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
    roleId: adminRole,
  }
}
const refusal = (who: TestUser) =>
  `The email address was changed to ${moved(who)} since you opened this page. Check it, then save again.`

describe('the form that gives a role holds to the address that it showed', () => {
  test('and refuses when somebody moved it since, until that one was seen (fault 5)', async () => {
    const who = await invited()
    const form = await formOf(owner, who)
    await move(who)
    const before = await emails(moved(who))
    const answer = await owner.postBare(route(who), form)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(refusal(who))])
    expect([await role(who), await emails(moved(who))]).toEqual(['Fieldworker', before])
    expect(answer.text).toMatch(new RegExp(`<option value="${adminRole}" selected`))
    expect(await activityFor(app.db, who, 'role_changed')).toEqual([])

    expect((await owner.postBare(route(who), await formOf(owner, who))).status).toBe(303)
    expect([await role(who), await emails(moved(who))]).toEqual(['Admin', ['invitation', ...before]])
  })

  test('also of somebody who is active (fault 5)', async () => {
    const who = await app.createUser({ name: 'Ada Active', role: 'Fieldworker' })
    const form = await formOf(owner, who)
    await move(who, await app.as('admin'))
    expect((await owner.postBare(route(who), form)).status).toBe(422)
    expect(await role(who)).toBe('Fieldworker')
  })

  test('when the move comes while the role is being given (fault 5)', async () => {
    const who = await invited()
    const bare = { _csrf: await owner.token('/account'), roleId: adminRole }
    for (const form of [bare, await formOf(owner, who)]) {
      const lock = await lockRows(app.db, sql`select from users where id = ${who.id} for no key update`)
      const giving = owner.postBare(route(who), form).then(({ status }) => status)
      await untilWaiting(app.db)
      await lock.query(sql`update users set email = 'mover.' || email where id = ${who.id}`)
      await lock.release()
      expect([await giving, await role(who)]).toEqual([422, 'Fieldworker'])
    }
  })

  test('and without it refuses where somebody else moved the address a moment ago (fault 5)', async () => {
    const who = await invited()
    const _csrf = await owner.token('/account')
    await move(who)
    const give = () => owner.postBare(route(who), { _csrf, roleId: adminRole })
    const answer = await give()
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(refusal(who))])
    expect(await role(who)).toBe('Fieldworker')
    const own = await invited()
    await move(own, owner)
    expect((await owner.postBare(route(own), { _csrf, roleId: adminRole })).status).toBe(303)
  })

  test('however it is written, and whatever else was changed (fault 5)', async () => {
    const who = await invited()
    const form = await formOf(owner, who)
    await mover.post(`/users/${who.id}/details`, { name: 'Ivy Renamed' })
    const answer = await owner.postBare(route(who), { ...form, shownEmail: who.email.toUpperCase() })
    expect([answer.status, await role(who)]).toEqual([303, 'Admin'])
  })
})

describe('another address of somebody invited', () => {
  test('is told to the old one, whose links are invalid, and who is not told the new one (fault 5)', async () => {
    const who = await invited()
    await app.runJobs()
    const [first] = await app.emailsTo(who)
    await move(who)
    await app.runJobs()
    const [told] = await app.emailsTo(who)
    expect(told).toMatchObject({ template: 'email_changed_by_office', link: null })
    for (const part of [told?.text, told?.html]) {
      for (const said of ['Mo Mover, Clerk', 'invitation', 'call your office']) expect(part).toContain(said)
      expect(part).not.toContain(moved(who))
    }
    const page = await app.client().get(new URL(first?.link ?? '').pathname)
    expect([page.status, textOf(page.text)]).toEqual([
      410,
      expect.stringContaining('The email of the account changed after'),
    ])
    expect(await emails(moved(who))).toEqual(['invitation'])
    expect(textOf((await mover.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'The old address gets a notice',
    )
  })

  test('is the one that “Resend invitation” says it goes to (fault 5)', async () => {
    const who = await invited()
    const _csrf = await owner.token('/account')
    const lock = await lockRows(app.db, sql`select from users where id = ${who.id} for no key update`)
    const resending = owner.postBare(`/users/${who.id}/invitation`, { _csrf }).then(({ status }) => status)
    await untilWaiting(app.db)
    await lock.query(sql`update users set email = 'mover.' || email where id = ${who.id}`)
    await lock.release()
    expect(await resending).toBe(303)
    expect(textOf((await owner.get('/account')).text)).toContain(`on its way to ${moved(who)}`)
  })
})
