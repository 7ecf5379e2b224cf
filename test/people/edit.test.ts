import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { logged, type Somebody } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
const door = ({ id }: Somebody) => `/users/${id}/details`
const good = 'violin trunk harvest 58 otter'

let admin: Visitor
let foreman: Visitor
let teams: Record<string, string>

beforeAll(async () => {
  admin = await house.as('admin')
  await customRole(house.db, 'Foreman', ['users.view', 'users.manage'], 'team')
  foreman = await house.signIn(await house.add({ name: 'Frida Foreman', role: 'Foreman', team: 'North' }))
  const { rows } = await house.db.query(sql`select name, id from teams`)
  teams = Object.fromEntries((rows as { name: string; id: string }[]).map(({ name, id }) => [name, id]))
})
beforeEach(() => run(house.db, sql`delete from rate_limits`))

const worker = (more: object = {}) =>
  house.add({ name: 'Edda Edit', role: 'Fieldworker', team: 'North', ...more })
const stored = ({ id }: Somebody) =>
  one(
    house.db,
    z.object({
      ...{ name: z.string(), email: z.string(), phone: z.string().nullable(), team: z.string().nullable() },
      ...{ verified: z.boolean(), status: z.string(), role: z.string(), auth_epoch: z.number() },
      ...{ password_hash: z.string().nullable(), temporary: z.boolean() },
    }),
    sql`select u.name, u.email, u.phone, t.name as team, u.email_verified_at is not null as verified, u.status,
          r.name as role, u.auth_epoch, u.password_hash, u.temporary_password_expires_at is not null as temporary
        from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id where u.id = ${id}`,
  )
const templates = async (who: Somebody) => (await house.lettersTo(who)).map(({ template }) => template)
const newest = async (email: string, template: string) => {
  await house.work()
  const letters = await house.lettersTo({ id: '', name: '', email })
  return letters.find((letter) => letter.template === template)
}
const markOn = async (visitor: Visitor, who: Somebody) =>
  /name="seen" value="([^"]+)"/.exec((await visitor.get(door(who))).text)?.[1] ?? ''

/** What the form would send as it is shown. */
function fieldsIn(page: string): Record<string, string> {
  const inputs = [...page.matchAll(/<input[^>]* name="(name|email|phone|seen)"[^>]* value="([^"]*)"/g)]
  const chosen = /name="teamId"[\s\S]*?value="([^"]*)" selected/.exec(page)?.[1] ?? ''
  return { ...Object.fromEntries(inputs.map(([, name, value]) => [name, value])), teamId: chosen }
}

describe('editing details', () => {
  test('saves name, phone and team, goes back, and records each change with before and after', async () => {
    const who = await worker()
    const fields = { name: 'Edda Edited', email: who.email, phone: '0123 456', teamId: teams.Harbour ?? '' }
    const returnTo = '/fieldworkers?q=edda'
    const answer = await admin.post(door(who), { ...fields, returnTo })
    expect([answer.status, answer.headers.location]).toEqual([303, returnTo])
    expect(words((await admin.get(returnTo)).text)).toContain('Details of Edda Edited saved')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edited', phone: '0123 456', team: 'Harbour' })
    expect(await logged(house.db, who)).toMatchObject([
      {
        event: 'user_updated',
        actor_id: house.cast.admin.id,
        details: {
          ...{
            name_before: 'Edda Edit',
            name_after: 'Edda Edited',
            phone_before: null,
            phone_after: '0123 456',
          },
          ...{ team_before: 'North', team_after: 'Harbour' },
        },
      },
    ])
    expect(await templates(who)).toEqual([])
    const activity = words((await admin.get(`/fieldworkers/${who.id}/activity`)).text)
    expect(activity).toContain('changed the details of Edda Edited')
    expect(activity).toContain(
      'Name from Edda Edit to Edda Edited. Phone from none to 0123 456. Team from North to Harbour.',
    )
  })

  test('leaves what is not sent as it is, and takes no other field', async () => {
    const who = await worker()
    const before = await stored(who)
    const answer = await admin.post(door(who), {
      ...{
        name: 'Edda Once',
        role: 'Owner',
        roleId: crypto.randomUUID(),
        status: 'blocked',
        mustChange: '1',
      },
      ...{ email_verified: '0', emailVerifiedAt: '', password_hash: 'x', id: house.cast.sam.id },
    })
    expect(answer.status).toBe(303)
    expect(await stored(who)).toEqual({ ...before, name: 'Edda Once' })
  })

  test('that changes nothing says so and records nothing', async () => {
    const who = await worker()
    const { name, email } = who
    await admin.post(door(who), { name, email, phone: '', teamId: teams.North ?? '' })
    expect(words((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'Nothing was changed for Edda Edit',
    )
    expect(await logged(house.db, who)).toEqual([])
  })

  test.each([
    ['no name', { name: '' }, 'name', 'Fill this in.'],
    ['a NUL in the name', { name: 'E\0' }, 'name', 'cannot be typed'],
    ['no address', { email: ' ' }, 'email', 'Type an address such as'],
    ['a NUL in the address', { email: 'e\0@firm.test' }, 'email', 'cannot be typed'],
    ['a phone that is none', { phone: 'x' }, 'phone', 'Type a phone number'],
    ['a team that is none', { teamId: '1\0' }, 'teamId', 'Choose one of the list.'],
    ['a team that is not there', { teamId: crypto.randomUUID() }, 'teamId', 'no longer there'],
  ])('%s answers 422 with words beside the field, and changes nothing', async (_, wrong, field, message) => {
    const who = await worker()
    const before = await stored(who)
    const answer = await admin.post(door(who), wrong)
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect(answer.text).toContain(`id="${field}-error"`)
    expect(await stored(who)).toEqual(before)
  })

  test('asks for the password first when it was entered half an hour ago, and comes back to the form', async () => {
    const who = await worker()
    await run(
      house.db,
      sql`update sessions set password_proven_at = now() - interval '31 minutes' where user_id = ${house.cast.admin.id}`,
    )
    const answer = await admin.post(door(who), { name: 'X', returnTo: '/fieldworkers' }, '/account/password')
    const back = `${door(who)}?returnTo=%2Ffieldworkers`
    expect(answer.headers.location).toBe(`/confirm-password?next=${encodeURIComponent(back)}`)
    expect((await stored(who)).name).toBe('Edda Edit')
    admin = await house.as('admin')
  })
})

describe('two who edit one person at once', () => {
  test('lose nothing unseen: the second is shown what is stored now, and saves over it only then', async () => {
    const who = await worker()
    const [seen, before] = [
      await markOn(admin, who),
      { name: 'Edda Edit', email: who.email, teamId: teams.North ?? '' },
    ]
    const owner = await house.as('owner')
    await owner.post(door(who), { ...before, phone: '555 1', seen: await markOn(owner, who) })

    const late = await admin.post(door(who), { ...before, name: 'Edda Late', phone: '555 2', seen })

    expect(late.status).toBe(422)
    expect(words(late.text)).toContain('Somebody else changed these details while you had them open')
    expect(words(late.text)).toContain('Stored now: 555 1.')
    expect(late.text).toContain('value="Edda Late"')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edit', phone: '555 1' })
    const fresh = /name="seen" value="([^"]+)"/.exec(late.text)?.[1] ?? ''
    expect((await admin.post(door(who), { ...before, name: 'Edda Late', seen: fresh })).status).toBe(303)
    expect(await stored(who)).toMatchObject({ name: 'Edda Late', phone: '555 1' })
  })

  test('and a field that the second did not touch shows what the first stored, so that saving again takes back nothing', async () => {
    const who = await worker()
    const owner = await house.as('owner')
    const opened = { name: who.name, email: who.email, phone: '', teamId: teams.North ?? '' }
    const seen = await markOn(admin, who)
    const first = { ...opened, name: 'Edda First', phone: '555 1', teamId: teams.Harbour ?? '' }
    await owner.post(door(who), { ...first, seen: await markOn(owner, who) })

    const late = await admin.post(door(who), { ...opened, phone: '555 2', seen })

    expect(late.status).toBe(422)
    const page = words(late.text)
    for (const told of ['Stored now: 555 1.', 'Changed meanwhile. Before: Edda Edit.', 'Before: North.'])
      expect(page).toContain(told)
    const shown = fieldsIn(late.text)
    expect(shown).toEqual({ ...first, phone: '555 2', seen: await markOn(admin, who) })
    expect((await admin.post(door(who), shown)).status).toBe(303)
    expect(await stored(who)).toMatchObject({ name: 'Edda First', phone: '555 2', team: 'Harbour' })
  })

  test('and a phone that the second took away stays away in the form', async () => {
    const who = await worker()
    const opened = { name: who.name, email: who.email, teamId: teams.North ?? '' }
    await admin.post(door(who), { phone: '555 1' })
    const seen = await markOn(admin, who)
    await admin.post(door(who), { name: 'Edda Else' })
    const late = await admin.post(door(who), { ...opened, phone: '', seen })
    expect(fieldsIn(late.text)).toMatchObject({ name: 'Edda Else', phone: '' })
    expect(words(late.text)).toContain('Stored now: 555 1.')
  })

  test.each(['x', 'bnVsbA', '%00'])(
    'a mark that is none (%s) is refused, and what was typed stays',
    async (seen) => {
      const who = await worker()
      const late = await admin.post(door(who), { name: 'Edda Odd', seen })
      expect([late.status, fieldsIn(late.text)]).toEqual([
        422,
        expect.objectContaining({ name: 'Edda Odd', email: who.email, teamId: teams.North }),
      ])
    },
  )

  test('with forms opened together: one saves, the other is asked to look', async () => {
    const who = await worker()
    const visitors = [admin, await house.as('owner')]
    const seen = await markOn(admin, who)
    const answers = await Promise.all(
      visitors.map((visitor, i) => visitor.post(door(who), { phone: `555 ${i}`, seen }, '/account/password')),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    expect(await logged(house.db, who, 'user_updated')).toHaveLength(1)
  })
})

describe('another address', () => {
  test('is unverified at once; links die, sessions end, the old one is told and the new one gets its link', async () => {
    const who = await worker({ name: 'Mona Moved' })
    const device = await house.signIn(who)
    await house.visitor().post('/forgot-password', { email: who.email })
    const reset = new URL((await newest(who.email, 'password_reset'))?.link ?? '').pathname
    const email = `mona.new.${who.id.slice(0, 8)}@firm.test`

    expect((await admin.post(door(who), { email: email.toUpperCase() })).status).toBe(303)

    expect(await stored(who)).toMatchObject({ email, verified: false, status: 'active' })
    expect((await device.get('/account')).headers.location).toContain('/sign-in')
    expect((await house.visitor().get(reset)).status).toBe(410)
    const notice = await newest(who.email, 'email_changed_by_office')
    for (const part of [notice?.text, notice?.html])
      for (const said of ['Dana Admin, Admin', email, 'call your office', 'Were you expecting this?'])
        expect(part).toContain(said)
    expect(notice?.link).toBeNull()
    const verify = new URL((await newest(email, 'email_verification'))?.link ?? '').pathname
    await house.visitor().post('/verify-email', { token: verify.split('/').at(-1) ?? '' }, verify)
    expect((await stored(who)).verified).toBe(true)
    await house.signIn({ ...who, email })
    await expect(house.signIn(who)).rejects.toThrow('422')
    expect(await logged(house.db, who, 'user_updated')).toMatchObject([
      { details: { email_before: who.email, email_after: email } },
    ])
    expect(await logged(house.db, who, 'sessions_ended')).toMatchObject([{ details: { count: 1 } }])
  })

  test('ends an objection to an earlier change: the office has the last word', async () => {
    const who = await worker({ name: 'Olaf Objects' })
    const device = await house.signIn(who)
    await device.post('/account/email', { email: 'olaf.own@firm.test', password: 'amber kettle orchard 93' })
    const objection = new URL((await newest(who.email, 'email_change_notice'))?.link ?? '').pathname
    expect((await house.visitor().get(objection)).status).toBe(200)
    await admin.post(door(who), { email: 'olaf.office@firm.test' })
    expect((await house.visitor().get(objection)).status).toBe(410)
  })

  test('of who is still invited gets a new invitation; the old one is dead, and the old address is told', async () => {
    const email = 'ivy.typo@firm.test'
    await admin.post('/fieldworkers/new', { name: 'Ivy Invited', email })
    const { id } = await one(
      house.db,
      z.object({ id: z.string() }),
      sql`select id from users where email = ${email}`,
    )
    const who = { id, name: 'Ivy Invited', email }
    const first = new URL((await newest(email, 'invitation'))?.link ?? '').pathname
    await admin.post(door(who), { email: 'ivy.right@firm.test' })
    expect((await templates(who)).sort()).toEqual(['email_changed_by_office', 'invitation'])
    expect(words((await house.visitor().get(first)).text)).toContain('The address of the account was changed')
    const second = new URL((await newest('ivy.right@firm.test', 'invitation'))?.link ?? '').pathname
    const visitor = house.visitor()
    await visitor.get(second)
    await visitor.post('/invitation', { newPassword: good, confirmPassword: good })
    await house.signIn({ ...who, email: 'ivy.right@firm.test' }, false, good)
  })

  test('of who cannot sign in just now gets no link that would open nothing', async () => {
    const who = await worker({ name: 'Ina Inactive', status: 'inactive' })
    await admin.post(door(who), { email: 'ina.new@firm.test' })
    expect(await templates(who)).toEqual(['email_changed_by_office'])
    expect(await templates({ ...who, email: 'ina.new@firm.test' })).toEqual([])
  })

  test('is not given by whoever may not change passwords, since its reader could choose one; to an invited person it is', async () => {
    const who = await worker()
    const answer = await foreman.post(door(who), { email: 'mallory@evil.test' })
    expect([answer.status, words(answer.text)]).toEqual([
      422,
      expect.stringContaining('your role, Foreman, may not change passwords'),
    ])
    expect(await stored(who)).toMatchObject({ email: who.email, verified: true })
    expect((await foreman.post(door(who), { name: 'Edda Renamed', email: who.email })).status).toBe(303)
    const invited = await worker({ status: 'invited', verified: false })
    expect((await foreman.post(door(invited), { email: `right.${invited.email}` })).status).toBe(303)
  })

  test('that another account has is refused beside the field, with the way to whom one may see', async () => {
    const who = await worker()
    const taken = await admin.post(door(who), { name: 'Half Done', email: house.cast.sam.email })
    expect([taken.status, words(taken.text)]).toEqual([
      422,
      expect.stringContaining('It is that of Sam Field'),
    ])
    await customRole(house.db, 'Chief', ['users.view', 'users.manage', 'passwords.change'], 'team')
    const chief = await house.signIn(await house.add({ name: 'Cora Chief', role: 'Chief', team: 'North' }))
    const unseen = await chief.post(door(who), { email: house.cast.otto.email })
    expect([unseen.status, words(unseen.text)]).toEqual([
      422,
      expect.stringContaining('Another account has this address.'),
    ])
    expect(unseen.text).not.toContain('Otto')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edit', email: who.email })
  })

  test('goes to one of two who are moved to it at once', async () => {
    const two = [await worker(), await worker()]
    const email = `both.${two[0]?.id.slice(0, 8)}@firm.test`
    const answers = await Promise.all(two.map((who) => admin.post(door(who), { email }, '/account/password')))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
  })
})

describe('who may not', () => {
  test('edits nobody out of reach, above them, or themself', async () => {
    const { otto, owner, admin: self } = house.cast
    const boss = await worker({ name: 'Bo Boss', role: 'Admin' })
    const tries: [Visitor, Somebody, string][] = [
      [foreman, otto, 'You can’t change this person’s account'],
      [foreman, boss, 'You can’t change Bo Boss’s account'],
      [admin, owner, 'They hold rights that your role, Admin, lacks'],
      [admin, self, 'This is your own account'],
      [await house.as('dispatcher'), house.cast.sam, 'does not include it'],
    ]
    for (const [visitor, who, message] of tries) {
      const before = await stored(who)
      const look = await visitor.get(door(who))
      expect([look.status, words(look.text)]).toEqual([403, expect.stringContaining(message)])
      expect((await visitor.post(door(who), { name: 'Taken Over' }, '/account/password')).status).toBe(403)
      expect(await stored(who)).toEqual(before)
    }
  })

  test('moves nobody out of their own reach, and is offered no way to', async () => {
    const who = await worker()
    const page = (await foreman.get(door(who))).text
    expect(page).not.toContain(teams.Harbour)
    for (const teamId of [teams.Harbour ?? '', '']) {
      const answer = await foreman.post(door(who), { teamId })
      expect([answer.status, words(answer.text)]).toEqual([
        403,
        expect.stringContaining('reaches the team North alone'),
      ])
    }
    expect(await stored(who)).toMatchObject({ team: 'North' })
  })

  test('takes no team from a role that reaches one alone', async () => {
    const who = await worker({ name: 'Dirk Dispatcher', role: 'Dispatcher' })
    const answer = await admin.post(door(who), { teamId: '' })
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining('choose which')])
  })

  test('does it no longer once demoted meanwhile', async () => {
    const falling = await house.add({ name: 'Falk Falling', role: 'Admin' })
    const who = await worker()
    const visitor = await house.signIn(falling)
    const _csrf = await visitor.token('/account/password')
    const colleague = await house.db.pool.connect()
    await colleague.query('begin')
    await colleague.query(
      `update users set role_id = (select id from roles where name = 'Auditor') where id = $1`,
      [falling.id],
    )
    const editing = visitor.postBare(door(who), { _csrf, name: 'Too Late' }).then(({ status }) => status)
    await vi.waitFor(async () => {
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      expect((await house.db.query(waiting)).rows).toHaveLength(1)
    }, 10_000)
    await colleague.query('commit')
    colleague.release()
    expect(await editing).toBe(403)
    expect((await stored(who)).name).toBe('Edda Edit')
  })
})
