import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { lockRows, untilWaiting } from '../support/locks.ts'
import { logged, type Somebody } from '../support/people.ts'
import { customRole, roleId } from '../support/roles.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
const door = ({ id }: Somebody) => `/users/${id}/role`

let owner: Visitor
let mover: Visitor
let adminRole: string
beforeAll(async () => {
  await customRole(house.db, 'Clerk', ['users.view', 'users.manage'])
  owner = await house.as('owner')
  mover = await house.signIn(await house.add({ name: 'Mo Mover', role: 'Clerk' }))
  adminRole = await roleId(house.db, 'Admin')
})
beforeEach(() => run(house.db, sql`delete from rate_limits`))

let added = 0

/** Somebody whom the office has just added, and who has an invitation. */
async function invited() {
  const email = `ivy.${++added}@firm.test`
  await owner.post('/fieldworkers/new', { name: 'Ivy Invited', email })
  return one(
    house.db,
    z.object({ id: z.string(), name: z.string(), email: z.string() }),
    sql`select id, name, email from users where email = ${email}`,
  )
}
const moved = ({ email }: Somebody) => `mover.${email}`
const move = async (who: Somebody, visitor = mover) =>
  expect((await visitor.post(`/users/${who.id}/details`, { email: moved(who) })).status).toBe(303)
const role = async ({ id }: Somebody) =>
  (
    await one(
      house.db,
      z.object({ name: z.string() }),
      sql`select r.name from users u join roles r on r.id = u.role_id where u.id = ${id}`,
    )
  ).name
const letters = async (email: string) =>
  (await house.lettersTo({ id: '', name: '', email })).map(({ template }) => template)

/** All that the form of a page would send as it is shown, with another role. */
async function formOf(visitor: Visitor, who: Somebody) {
  const { text } = await visitor.get(door(who))
  const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return {
    ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
    roleId: adminRole,
  }
}
const refusal = (who: Somebody) =>
  `The email address was changed to ${moved(who)} since you opened this page. Check it, then save again.`

describe('the form that gives a role holds to the address that it showed', () => {
  test('and refuses when somebody moved it since, until that one was seen (fault 5)', async () => {
    const who = await invited()
    const form = await formOf(owner, who)
    await move(who)
    const before = await letters(moved(who))
    const answer = await owner.postBare(door(who), form)
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(refusal(who))])
    expect([await role(who), await letters(moved(who))]).toEqual(['Fieldworker', before])
    expect(answer.text).toMatch(new RegExp(`<option value="${adminRole}" selected`))
    expect(await logged(house.db, who, 'role_changed')).toEqual([])

    expect((await owner.postBare(door(who), await formOf(owner, who))).status).toBe(303)
    expect([await role(who), await letters(moved(who))]).toEqual(['Admin', ['invitation', ...before]])
  })

  test('also of somebody who is active (fault 5)', async () => {
    const who = await house.add({ name: 'Ada Active', role: 'Fieldworker' })
    const form = await formOf(owner, who)
    await move(who, await house.as('admin'))
    expect((await owner.postBare(door(who), form)).status).toBe(422)
    expect(await role(who)).toBe('Fieldworker')
  })

  test('when the move comes while the role is being given (fault 5)', async () => {
    const who = await invited()
    const bare = { _csrf: await owner.token('/account'), roleId: adminRole }
    for (const form of [bare, await formOf(owner, who)]) {
      const lock = await lockRows(house.db, sql`select from users where id = ${who.id} for no key update`)
      const giving = owner.postBare(door(who), form).then(({ status }) => status)
      await untilWaiting(house.db)
      await lock.query(sql`update users set email = 'mover.' || email where id = ${who.id}`)
      await lock.release()
      expect([await giving, await role(who)]).toEqual([422, 'Fieldworker'])
    }
  })

  test('and without it refuses where somebody else moved the address a moment ago (fault 5)', async () => {
    const who = await invited()
    const _csrf = await owner.token('/account')
    await move(who)
    const give = () => owner.postBare(door(who), { _csrf, roleId: adminRole })
    const answer = await give()
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(refusal(who))])
    expect(await role(who)).toBe('Fieldworker')
    const own = await invited()
    await move(own, owner)
    expect((await owner.postBare(door(own), { _csrf, roleId: adminRole })).status).toBe(303)
  })

  test('however it is written, and whatever else was changed (fault 5)', async () => {
    const who = await invited()
    const form = await formOf(owner, who)
    await mover.post(`/users/${who.id}/details`, { name: 'Ivy Renamed' })
    const answer = await owner.postBare(door(who), { ...form, shownEmail: who.email.toUpperCase() })
    expect([answer.status, await role(who)]).toEqual([303, 'Admin'])
  })
})

describe('another address of somebody invited', () => {
  test('is told to the old one, whose links are dead, and who is not told the new one (fault 5)', async () => {
    const who = await invited()
    await house.work()
    const [first] = await house.lettersTo(who)
    await move(who)
    await house.work()
    const [told] = await house.lettersTo(who)
    expect(told).toMatchObject({ template: 'email_changed_by_office', link: null })
    for (const part of [told?.text, told?.html]) {
      for (const said of ['Mo Mover, Clerk', 'invitation', 'call your office']) expect(part).toContain(said)
      expect(part).not.toContain(moved(who))
    }
    const page = await house.visitor().get(new URL(first?.link ?? '').pathname)
    expect([page.status, words(page.text)]).toEqual([
      410,
      expect.stringContaining('The address of the account was changed'),
    ])
    expect(await letters(moved(who))).toEqual(['invitation'])
    expect(words((await mover.get(`/fieldworkers/${who.id}`)).text)).toContain('and the old address is told')
  })

  test('is the one that “Resend invitation” says it goes to (fault 5)', async () => {
    const who = await invited()
    const _csrf = await owner.token('/account')
    const lock = await lockRows(house.db, sql`select from users where id = ${who.id} for no key update`)
    const resending = owner.postBare(`/users/${who.id}/invitation`, { _csrf }).then(({ status }) => status)
    await untilWaiting(house.db)
    await lock.query(sql`update users set email = 'mover.' || email where id = ${who.id}`)
    await lock.release()
    expect(await resending).toBe(303)
    expect(words((await owner.get('/account')).text)).toContain(`on its way to ${moved(who)}`)
  })
})
