import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const route = ({ id }: TestUser) => `/users/${id}/details`
const good = 'violin trunk harvest 58 otter'

let admin: HttpClient
let foreman: HttpClient
let teams: Record<string, string>

beforeAll(async () => {
  admin = await app.as('admin')
  await customRole(app.db, 'Foreman', ['users.view', 'users.manage'], 'team')
  foreman = await app.signIn(await app.createUser({ name: 'Frida Foreman', role: 'Foreman', team: 'North' }))
  const { rows } = await app.db.query(sql`select name, id from teams`)
  teams = Object.fromEntries((rows as { name: string; id: string }[]).map(({ name, id }) => [name, id]))
})
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const worker = (more: object = {}) =>
  app.createUser({ name: 'Edda Edit', role: 'Fieldworker', team: 'North', ...more })
const stored = ({ id }: TestUser) =>
  one(
    app.db,
    z.object({
      ...{ name: z.string(), email: z.string(), phone: z.string().nullable(), team: z.string().nullable() },
      ...{ verified: z.boolean(), status: z.string(), role: z.string(), credential_version: z.number() },
      ...{ password_hash: z.string().nullable(), temporary: z.boolean() },
    }),
    sql`select u.name, u.email, u.phone, t.name as team, u.email_verified_at is not null as verified, u.status,
          r.name as role, u.credential_version, u.password_hash, u.temporary_password_expires_at is not null as temporary
        from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id where u.id = ${id}`,
  )
const templates = async (who: TestUser) => (await app.emailsTo(who)).map(({ template }) => template)
const newest = async (email: string, template: string) => {
  await app.runJobs()
  const emails = await app.emailsTo({ id: '', name: '', email })
  return emails.find((email) => email.template === template)
}
const markOn = async (client: HttpClient, who: TestUser) =>
  /name="seen" value="([^"]+)"/.exec((await client.get(route(who))).text)?.[1] ?? ''

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
    const answer = await admin.post(route(who), { ...fields, returnTo })
    expect([answer.status, answer.headers.location]).toEqual([303, returnTo])
    expect(textOf((await admin.get(returnTo)).text)).toContain('Details of Edda Edited saved')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edited', phone: '0123 456', team: 'Harbour' })
    expect(await activityFor(app.db, who)).toMatchObject([
      {
        event: 'user_updated',
        actor_id: app.cast.admin.id,
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
    const activity = textOf((await admin.get(`/fieldworkers/${who.id}/activity`)).text)
    expect(activity).toContain('changed the details of Edda Edited')
    expect(activity).toContain(
      'Name from Edda Edit to Edda Edited. Phone from none to 0123 456. Team from North to Harbour.',
    )
  })

  test('leaves what is not sent as it is, and takes no other field', async () => {
    const who = await worker()
    const before = await stored(who)
    const answer = await admin.post(route(who), {
      ...{
        name: 'Edda Once',
        role: 'Owner',
        roleId: crypto.randomUUID(),
        status: 'blocked',
        mustChange: '1',
      },
      ...{ email_verified: '0', emailVerifiedAt: '', password_hash: 'x', id: app.cast.sam.id },
    })
    expect(answer.status).toBe(303)
    expect(await stored(who)).toEqual({ ...before, name: 'Edda Once' })
  })

  test('that changes nothing says so and records nothing', async () => {
    const who = await worker()
    const { name, email } = who
    await admin.post(route(who), { name, email, phone: '', teamId: teams.North ?? '' })
    expect(textOf((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'Nothing was changed for Edda Edit',
    )
    expect(await activityFor(app.db, who)).toEqual([])
  })

  test.each([
    ['no name', { name: '' }, 'name', 'Enter a name.'],
    ['a NUL in the name', { name: 'E\0' }, 'name', 'cannot be typed'],
    ['no address', { email: ' ' }, 'email', 'Enter an address such as'],
    ['a NUL in the address', { email: 'e\0@firm.test' }, 'email', 'cannot be typed'],
    ['a phone that is none', { phone: 'x' }, 'phone', 'Enter a phone number'],
    ['a team that is none', { teamId: '1\0' }, 'teamId', 'Choose an option.'],
    ['a team that is not there', { teamId: crypto.randomUUID() }, 'teamId', 'no longer exists'],
  ])('%s answers 422 with words beside the field, and changes nothing', async (_, wrong, field, message) => {
    const who = await worker()
    const before = await stored(who)
    const answer = await admin.post(route(who), wrong)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect(answer.text).toContain(`id="${field}-error"`)
    expect(await stored(who)).toEqual(before)
  })

  test('asks for the password first when it was entered half an hour ago, and comes back to the form', async () => {
    const who = await worker()
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.admin.id}`,
    )
    const answer = await admin.post(route(who), { name: 'X', returnTo: '/fieldworkers' }, '/account/password')
    const back = `${route(who)}?returnTo=%2Ffieldworkers`
    expect(answer.headers.location).toBe(`/confirm-password?next=${encodeURIComponent(back)}`)
    expect((await stored(who)).name).toBe('Edda Edit')
    admin = await app.as('admin')
  })
})

describe('two who edit one person at once', () => {
  test('lose nothing unseen: the second is shown what is stored now, and saves over it only then', async () => {
    const who = await worker()
    const [seen, before] = [
      await markOn(admin, who),
      { name: 'Edda Edit', email: who.email, teamId: teams.North ?? '' },
    ]
    const owner = await app.as('owner')
    await owner.post(route(who), { ...before, phone: '555 1', seen: await markOn(owner, who) })

    const late = await admin.post(route(who), { ...before, name: 'Edda Late', phone: '555 2', seen })

    expect(late.status).toBe(422)
    expect(textOf(late.text)).toContain('Someone else changed these details while you had them open')
    expect(textOf(late.text)).toContain('Stored now: 555 1.')
    expect(late.text).toContain('value="Edda Late"')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edit', phone: '555 1' })
    const fresh = /name="seen" value="([^"]+)"/.exec(late.text)?.[1] ?? ''
    expect((await admin.post(route(who), { ...before, name: 'Edda Late', seen: fresh })).status).toBe(303)
    expect(await stored(who)).toMatchObject({ name: 'Edda Late', phone: '555 1' })
  })

  test('and a field that the second did not touch shows what the first stored, so that saving again takes back nothing', async () => {
    const who = await worker()
    const owner = await app.as('owner')
    const opened = { name: who.name, email: who.email, phone: '', teamId: teams.North ?? '' }
    const seen = await markOn(admin, who)
    const first = { ...opened, name: 'Edda First', phone: '555 1', teamId: teams.Harbour ?? '' }
    await owner.post(route(who), { ...first, seen: await markOn(owner, who) })

    const late = await admin.post(route(who), { ...opened, phone: '555 2', seen })

    expect(late.status).toBe(422)
    const page = textOf(late.text)
    for (const told of ['Stored now: 555 1.', 'Changed meanwhile. Before: Edda Edit.', 'Before: North.'])
      expect(page).toContain(told)
    const shown = fieldsIn(late.text)
    expect(shown).toEqual({ ...first, phone: '555 2', seen: await markOn(admin, who) })
    expect((await admin.post(route(who), shown)).status).toBe(303)
    expect(await stored(who)).toMatchObject({ name: 'Edda First', phone: '555 2', team: 'Harbour' })
  })

  test('and a phone that the second took away stays away in the form', async () => {
    const who = await worker()
    const opened = { name: who.name, email: who.email, teamId: teams.North ?? '' }
    await admin.post(route(who), { phone: '555 1' })
    const seen = await markOn(admin, who)
    await admin.post(route(who), { name: 'Edda Else' })
    const late = await admin.post(route(who), { ...opened, phone: '', seen })
    expect(fieldsIn(late.text)).toMatchObject({ name: 'Edda Else', phone: '' })
    expect(textOf(late.text)).toContain('Stored now: 555 1.')
  })

  test.each(['x', 'bnVsbA', '%00'])(
    'a mark that is none (%s) is refused, and what was typed stays',
    async (seen) => {
      const who = await worker()
      const late = await admin.post(route(who), { name: 'Edda Odd', seen })
      expect([late.status, fieldsIn(late.text)]).toEqual([
        422,
        expect.objectContaining({ name: 'Edda Odd', email: who.email, teamId: teams.North }),
      ])
    },
  )

  test('with forms opened together: one saves, the other is asked to look', async () => {
    const who = await worker()
    const clients = [admin, await app.as('owner')]
    const seen = await markOn(admin, who)
    const answers = await Promise.all(
      clients.map((client, i) => client.post(route(who), { phone: `555 ${i}`, seen }, '/account/password')),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    expect(await activityFor(app.db, who, 'user_updated')).toHaveLength(1)
  })
})

describe('another address', () => {
  test('is unverified at once; links are invalid, sessions end, the old address is told and the new one gets its link', async () => {
    const who = await worker({ name: 'Mona Moved' })
    const device = await app.signIn(who)
    await app.client().post('/forgot-password', { email: who.email })
    const reset = new URL((await newest(who.email, 'password_reset'))?.link ?? '').pathname
    const email = `mona.new.${who.id.slice(0, 8)}@firm.test`

    expect((await admin.post(route(who), { email: email.toUpperCase() })).status).toBe(303)

    expect(await stored(who)).toMatchObject({ email, verified: false, status: 'active' })
    expect((await device.get('/account')).headers.location).toContain('/sign-in')
    expect((await app.client().get(reset)).status).toBe(410)
    const notice = await newest(who.email, 'email_changed_by_office')
    for (const part of [notice?.text, notice?.html])
      for (const said of ['Dana Admin, Admin', email, 'call your office', 'Were you expecting this?'])
        expect(part).toContain(said)
    expect(notice?.link).toBeNull()
    const verify = new URL((await newest(email, 'email_verification'))?.link ?? '').pathname
    await app.client().post('/verify-email', { token: verify.split('/').at(-1) ?? '' }, verify)
    expect((await stored(who)).verified).toBe(true)
    await app.signIn({ ...who, email })
    await expect(app.signIn(who)).rejects.toThrow('422')
    expect(await activityFor(app.db, who, 'user_updated')).toMatchObject([
      { details: { email_before: who.email, email_after: email } },
    ])
    expect(await activityFor(app.db, who, 'sessions_ended')).toMatchObject([{ details: { count: 1 } }])
  })

  test('ends an objection to an earlier change: the office has the last word', async () => {
    const who = await worker({ name: 'Olaf Objects' })
    const device = await app.signIn(who)
    await device.post('/account/email', { email: 'olaf.own@firm.test', password: 'amber kettle orchard 93' })
    const objection = new URL((await newest(who.email, 'email_change_notice'))?.link ?? '').pathname
    expect((await app.client().get(objection)).status).toBe(200)
    await admin.post(route(who), { email: 'olaf.office@firm.test' })
    expect((await app.client().get(objection)).status).toBe(410)
  })

  test('of who is still invited gets a new invitation; the old one is invalid, the old address gets a notice', async () => {
    const email = 'ivy.typo@firm.test'
    await admin.post('/fieldworkers/new', { name: 'Ivy Invited', email })
    const { id } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from users where email = ${email}`,
    )
    const who = { id, name: 'Ivy Invited', email }
    const first = new URL((await newest(email, 'invitation'))?.link ?? '').pathname
    await admin.post(route(who), { email: 'ivy.right@firm.test' })
    expect((await templates(who)).sort()).toEqual(['email_changed_by_office', 'invitation'])
    expect(textOf((await app.client().get(first)).text)).toContain('The email of the account changed after')
    const second = new URL((await newest('ivy.right@firm.test', 'invitation'))?.link ?? '').pathname
    const client = app.client()
    await client.get(second)
    await client.post('/invitation', { newPassword: good, confirmPassword: good })
    await app.signIn({ ...who, email: 'ivy.right@firm.test' }, false, good)
  })

  test('of who cannot sign in just now gets no link that would open nothing', async () => {
    const who = await worker({ name: 'Ina Inactive', status: 'inactive' })
    await admin.post(route(who), { email: 'ina.new@firm.test' })
    expect(await templates(who)).toEqual(['email_changed_by_office'])
    expect(await templates({ ...who, email: 'ina.new@firm.test' })).toEqual([])
  })

  test('is not given by people who may not change passwords, since its reader could choose one; to an invited person it is', async () => {
    const who = await worker()
    const answer = await foreman.post(route(who), { email: 'mallory@evil.test' })
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('your role, Foreman, may not change passwords'),
    ])
    expect(await stored(who)).toMatchObject({ email: who.email, verified: true })
    expect((await foreman.post(route(who), { name: 'Edda Renamed', email: who.email })).status).toBe(303)
    const invited = await worker({ status: 'invited', verified: false })
    expect((await foreman.post(route(invited), { email: `right.${invited.email}` })).status).toBe(303)
  })

  test('that another account has is refused beside the field, with a link to the person if you may see them', async () => {
    const who = await worker()
    const taken = await admin.post(route(who), { name: 'Half Done', email: app.cast.sam.email })
    expect([taken.status, textOf(taken.text)]).toEqual([
      422,
      expect.stringContaining('It is that of Sam Field'),
    ])
    await customRole(app.db, 'Chief', ['users.view', 'users.manage', 'passwords.change'], 'team')
    const chief = await app.signIn(await app.createUser({ name: 'Cora Chief', role: 'Chief', team: 'North' }))
    const unseen = await chief.post(route(who), { email: app.cast.otto.email })
    expect([unseen.status, textOf(unseen.text)]).toEqual([
      422,
      expect.stringContaining('Another account has this address.'),
    ])
    expect(unseen.text).not.toContain('Otto')
    expect(await stored(who)).toMatchObject({ name: 'Edda Edit', email: who.email })
  })

  test('goes to one of two who are moved to it at once', async () => {
    const two = [await worker(), await worker()]
    const email = `both.${two[0]?.id.slice(0, 8)}@firm.test`
    const answers = await Promise.all(
      two.map((who) => admin.post(route(who), { email }, '/account/password')),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
  })
})

describe('who may not', () => {
  test('edits nobody out of reach, above them, or themselves', async () => {
    const { otto, owner, admin: self } = app.cast
    const boss = await worker({ name: 'Bo Boss', role: 'Admin' })
    const tries: [HttpClient, TestUser, string][] = [
      [foreman, otto, 'You can’t change this person’s account'],
      [foreman, boss, 'You can’t change Bo Boss’s account'],
      [admin, owner, 'They have permissions that your role, Admin, does not include'],
      [admin, self, 'This is your own account'],
      [await app.as('dispatcher'), app.cast.sam, 'does not include it'],
    ]
    for (const [client, who, message] of tries) {
      const before = await stored(who)
      const look = await client.get(route(who))
      expect([look.status, textOf(look.text)]).toEqual([403, expect.stringContaining(message)])
      expect((await client.post(route(who), { name: 'Taken Over' }, '/account/password')).status).toBe(403)
      expect(await stored(who)).toEqual(before)
    }
  })

  test('moves nobody out of their own reach, and is offered no way to', async () => {
    const who = await worker()
    const page = (await foreman.get(route(who))).text
    expect(page).not.toContain(teams.Harbour)
    for (const teamId of [teams.Harbour ?? '', '']) {
      const answer = await foreman.post(route(who), { teamId })
      expect([answer.status, textOf(answer.text)]).toEqual([
        403,
        expect.stringContaining('covers only the team North'),
      ])
    }
    expect(await stored(who)).toMatchObject({ team: 'North' })
  })

  test('takes no team from a role that reaches one alone', async () => {
    const who = await worker({ name: 'Dirk Dispatcher', role: 'Dispatcher' })
    const answer = await admin.post(route(who), { teamId: '' })
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('choose which')])
  })

  test('does it no longer once demoted meanwhile', async () => {
    const falling = await app.createUser({ name: 'Falk Falling', role: 'Admin' })
    const who = await worker()
    const client = await app.signIn(falling)
    const _csrf = await client.token('/account/password')
    const colleague = await app.db.pool.connect()
    await colleague.query('begin')
    await colleague.query(
      `update users set role_id = (select id from roles where name = 'Auditor') where id = $1`,
      [falling.id],
    )
    const editing = client.postBare(route(who), { _csrf, name: 'Too Late' }).then(({ status }) => status)
    await vi.waitFor(async () => {
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      expect((await app.db.query(waiting)).rows).toHaveLength(1)
    }, 10_000)
    await colleague.query('commit')
    colleague.release()
    expect(await editing).toBe(403)
    expect((await stored(who)).name).toBe('Edda Edit')
  })
})
