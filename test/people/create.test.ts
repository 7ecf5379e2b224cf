import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { maybeOne, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const fieldworkers = '/fieldworkers/new'
const users = '/settings/company/users/new'
const good = 'violin trunk harvest 58 otter'

let admin: HttpClient
let foreman: HttpClient
let harbour = ''
let north = ''

beforeAll(async () => {
  admin = await app.as('admin')
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions) values ('Foreman', 'office', 'team', '{users.view,users.manage}')`,
  )
  foreman = await app.signIn(await app.createUser({ name: 'Frida Foreman', role: 'Foreman', team: 'North' }))
  harbour = await idOf('teams', 'Harbour')
  north = await idOf('teams', 'North')
})
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const idOf = async (table: 'teams' | 'roles', name: string) =>
  (
    await one(
      app.db,
      z.object({ id: z.string() }),
      table === 'teams'
        ? sql`select id from teams where name = ${name}`
        : sql`select id from roles where name = ${name}`,
    )
  ).id

const Stored = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  status: z.string(),
  verified: z.boolean(),
  team: z.string().nullable(),
  role: z.string(),
  password_hash: z.string().nullable(),
})
const stored = (email: string) =>
  maybeOne(
    app.db,
    Stored,
    sql`select u.id, u.name, u.email, u.phone, u.status, u.email_verified_at is not null as verified, t.name as team,
          r.name as role, u.password_hash
        from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id where u.email = ${email}`,
  )
let count = 0
const person = (more: Record<string, string> = {}) => ({
  ...{ name: 'Nia New', email: `nia.${++count}@firm.test`, phone: '+44 20 7946 0018', teamId: north },
  ...more,
})
async function must(email: string) {
  const found = await stored(email)
  if (!found) throw new Error(`${email} has no account`)
  return found
}
async function invitationTo(who: TestUser) {
  await app.runJobs()
  return (await app.emailsTo(who)).filter(({ template }) => template === 'invitation')
}

describe('adding a fieldworker', () => {
  test('makes an invited account without a password, mails an invitation and is recorded', async () => {
    const fields = person({ email: 'Nia.First@Firm.Test ', name: '  Nia First ' })
    const answer = await admin.post(fieldworkers, fields)
    const made = await must('nia.first@firm.test')
    expect([answer.status, answer.headers.location]).toEqual([303, `/fieldworkers/${made.id}`])
    expect(made).toMatchObject({
      ...{ name: 'Nia First', status: 'invited', verified: false, password_hash: null },
      ...{ role: 'Fieldworker', team: 'North', phone: '+44 20 7946 0018' },
    })
    const profile = textOf((await admin.get(`/fieldworkers/${made.id}`)).text)
    expect(profile).toContain('Nia First is invited')
    expect(profile).toContain('Resend invitation')
    expect(await activityFor(app.db, made)).toMatchObject([
      {
        event: 'user_created',
        actor_id: app.cast.admin.id,
        details: { role: 'Fieldworker', team: 'North' },
      },
    ])
    const [email] = await invitationTo(made)
    expect(email?.text).toContain('Dana Admin, Admin')
    expect((await app.emailsTo(made)).length).toBe(1)
  })

  test('who was invited so chooses a password, signs in and is at home', async () => {
    const fields = person({ name: 'Wes Worker' })
    await admin.post(fieldworkers, fields)
    const made = await must(fields.email)
    const [email] = await invitationTo(made)
    const client = app.client()
    await client.get(new URL(email?.link ?? '').pathname)
    await client.post('/invitation', { newPassword: good, confirmPassword: good })
    await app.signIn(made, false, good)
    expect(await must(fields.email)).toMatchObject({ status: 'active', verified: true })
  })

  test('asks for nothing but a name and an address', async () => {
    const { name, email } = person()
    expect((await admin.post(fieldworkers, { name, email })).status).toBe(303)
    expect(await must(email)).toMatchObject({ phone: null, team: null })
  })

  test('takes no other field: role, status, verification and password stay as they are for everybody new', async () => {
    const fields = person({
      ...{
        roleId: await idOf('roles', 'Owner'),
        role: 'Owner',
        status: 'active',
        emailVerifiedAt: '2020-01-01',
      },
      ...{
        email_verified_at: '2020-01-01',
        password_hash: '$argon2id$x',
        newPassword: good,
        mustChange: '1',
      },
      ...{ id: app.cast.owner.id, '__proto__[role]': 'Owner' },
    })
    expect((await admin.post(fieldworkers, fields)).status).toBe(303)
    expect(await must(fields.email)).toMatchObject({
      ...{ role: 'Fieldworker', status: 'invited', verified: false, password_hash: null },
    })
  })

  const bad: [string, Record<string, string | string[]>, string, string][] = [
    ['no name', { name: ' ' }, 'name', 'Enter a name.'],
    ['a long name', { name: 'x'.repeat(121) }, 'name', 'at most 120 characters'],
    ['a NUL in the name', { name: 'Nia\0New' }, 'name', 'a character that cannot be typed'],
    [
      'a line break in the name',
      { name: 'Nia\r\nBcc: x@evil.test' },
      'name',
      'a character that cannot be typed',
    ],
    ['two names', { name: ['Nia', 'New'] }, 'name', 'in a form that cannot be read'],
    ['no address', { email: '' }, 'email', 'Enter an address such as'],
    ['half an address', { email: 'nia@' }, 'email', 'Enter an address such as'],
    ['two addresses', { email: 'a@firm.test,b@firm.test' }, 'email', 'Enter an address such as'],
    ['a NUL in the address', { email: 'nia\0@firm.test' }, 'email', 'a character that cannot be typed'],
    ['a phone that is none', { phone: 'call me' }, 'phone', 'Enter a phone number such as'],
    ['a NUL in the phone', { phone: '123\0' }, 'phone', 'a character that cannot be typed'],
    ['a team that is none', { teamId: 'North' }, 'teamId', 'Choose an option.'],
    ['a team that is not there', { teamId: crypto.randomUUID() }, 'teamId', 'no longer exists'],
  ]
  test.each(bad)(
    '%s answers 422 with words beside the field, and makes nobody',
    async (_, wrong, field, message) => {
      const before = await one(app.db, z.object({ n: z.string() }), sql`select count(*) as n from users`)
      const answer = await admin.post(fieldworkers, { ...person(), ...wrong } as Record<string, string>)
      expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
      expect(answer.text).toMatch(
        new RegExp(`id="${field}"[^>]*aria-describedby="${field}-error"[^>]*aria-invalid="true"`),
      )
      expect(answer.text).toMatch(/<title>Error: /)
      expect(await one(app.db, z.object({ n: z.string() }), sql`select count(*) as n from users`)).toEqual(
        before,
      )
    },
  )

  test('what was typed is still there, shown as text', async () => {
    const name = '"><svg onload=alert(1)>'
    const answer = await admin.post(fieldworkers, person({ name, email: 'nia@' }))
    expect(answer.text).toContain('value="&#34;&gt;&lt;svg onload=alert(1)&gt;"')
    expect(answer.text).not.toContain('<svg onload')
  })
})

describe('an address that is taken', () => {
  test('is told beside the field, with a link to the person it belongs to', async () => {
    const { sam } = app.cast
    const answer = await admin.post(fieldworkers, person({ email: 'SAM@firm.test' }))
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('Another account has this address. It is that of Sam Field'),
    ])
    expect(answer.text).toContain(`href="/fieldworkers/${sam.id}"`)
  })

  test('is only told to be taken to who may not see its owner', async () => {
    const { otto } = app.cast
    const answer = await foreman.post(fieldworkers, person({ email: otto.email }))
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('Another account has this address.'),
    ])
    expect(answer.text).not.toContain('Otto')
    expect(answer.text).not.toContain(otto.id)
  })

  test('goes to one of two who add it at once, and one is invited once', async () => {
    const fields = person({ name: 'Racy New' })
    const clients = [admin, await app.as('owner'), foreman]
    const tokens = await Promise.all(clients.map((client) => client.token(fieldworkers)))
    const answers = await Promise.all(
      clients.map((client, i) => client.postBare(fieldworkers, { ...fields, _csrf: tokens[i] ?? '' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422])
    const made = await must(fields.email)
    expect(await invitationTo(made)).toHaveLength(1)
    expect(await activityFor(app.db, made, 'user_created')).toHaveLength(1)
  })
})

describe('who reaches one team alone', () => {
  test('adds to it, is offered no other, and needs to choose none', async () => {
    const page = (await foreman.get(fieldworkers)).text
    expect(page).toContain(`value="${north}"`)
    expect(page).not.toContain(harbour)
    const { name, email } = person()
    expect((await foreman.post(fieldworkers, { name, email })).status).toBe(303)
    expect(await must(email)).toMatchObject({ team: 'North' })
  })

  test('is refused any other team, and nobody is made', async () => {
    const fields = person({ teamId: harbour })
    const answer = await foreman.post(fieldworkers, fields)
    expect([answer.status, textOf(answer.text)]).toEqual([
      403,
      expect.stringContaining('covers only the team North'),
    ])
    expect(await stored(fields.email)).toBeUndefined()
  })
})

describe('adding a user of any role', () => {
  test('offers and takes the roles that one holds all of', async () => {
    const page = (await admin.get(users)).text
    for (const role of ['Admin', 'Dispatcher', 'Auditor', 'Fieldworker'])
      expect(page).toContain(await idOf('roles', role))
    expect(page).not.toContain(await idOf('roles', 'Owner'))
    const fields = person({ roleId: await idOf('roles', 'Dispatcher') })
    expect((await admin.post(users, fields)).status).toBe(303)
    expect(await must(fields.email)).toMatchObject({ role: 'Dispatcher', team: 'North', status: 'invited' })
  })

  test('offers the role that holds least first and chooses it already, the Owner last', async () => {
    const page = (await (await app.as('owner')).get(users)).text
    const [, choice = ''] = /name="roleId"([\s\S]*?)<\/select>/.exec(page) ?? []
    const offered = [...choice.matchAll(/<option value="[^"]+">([^,]+),/g)].map(([, name]) => name)
    expect([offered[0], offered.at(-2), offered.at(-1)]).toEqual(['Fieldworker', 'Admin', 'Owner'])
    expect(choice).not.toContain('selected') // so that a browser takes the first
  })

  test('refuses a role that holds more, by a direct post too', async () => {
    const owner = await idOf('roles', 'Owner')
    const fields = person({ roleId: owner })
    const answer = await admin.post(users, fields)
    expect([answer.status, textOf(answer.text)]).toEqual([
      403,
      expect.stringContaining('You can’t give the role Owner'),
    ])
    const wider = person({ roleId: await idOf('roles', 'Auditor') })
    expect((await foreman.post(users, wider)).status).toBe(403)
    for (const { email } of [fields, wider]) expect(await stored(email)).toBeUndefined()
    expect((await (await app.as('owner')).post(users, person({ roleId: owner, teamId: '' }))).status).toBe(
      303,
    )
  })

  test.each([
    ['no role', { roleId: '' }, 'Choose a role.'],
    ['a role that is none', { roleId: crypto.randomUUID() }, 'no longer exists'],
  ])('%s answers 422', async (_, wrong, message) => {
    const answer = await admin.post(users, person(wrong))
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
  })

  test('a role for one team asks for the team', async () => {
    const answer = await admin.post(users, person({ roleId: await idOf('roles', 'Dispatcher'), teamId: '' }))
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('choose which')])
  })

  test('asks for the password first when it was entered half an hour ago', async () => {
    const late = await app.as('admin')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.admin.id}`,
    )
    const answer = await late.get(users)
    expect(answer.headers.location).toBe(`/confirm-password?next=${encodeURIComponent(users)}`)
    admin = await app.as('admin')
  })
})

describe('who may not manage', () => {
  test.each(['dispatcher', 'auditor', 'sam'] as const)('%s is refused both routes', async (who) => {
    const client = await app.as(who)
    for (const route of [fieldworkers, users]) {
      const fields = person({ roleId: await idOf('roles', 'Fieldworker') })
      expect((await client.get(route)).status).toBe(403)
      expect((await client.post(route, fields, '/account/password')).status).toBe(403)
      expect(await stored(fields.email)).toBeUndefined()
    }
    expect((await client.get('/fieldworkers')).text).not.toContain('Add fieldworker')
  })
})

describe('another invitation', () => {
  const invited = async () => {
    const { email } = person()
    await admin.post(fieldworkers, person({ email, name: 'Ana Again' }))
    return must(email)
  }
  const again = (client: HttpClient, { id }: TestUser) =>
    client.post(`/users/${id}/invitation`, { returnTo: '/fieldworkers?q=ana' }, '/account/password')

  test('is sent from the menu with the same link, is recorded, and one is back where one was', async () => {
    const who = await invited()
    const [first] = await invitationTo(who)
    const answer = await again(admin, who)
    expect([answer.status, answer.headers.location]).toEqual([303, '/fieldworkers?q=ana'])
    expect(textOf((await admin.get('/fieldworkers')).text)).toContain('Invitation sent to Ana Again')
    const emails = await invitationTo(who)
    expect(emails.map(({ link }) => link)).toEqual([first?.link, first?.link])
    expect((await app.client().get(new URL(first?.link ?? '').pathname)).status).toBe(303)
    expect(await activityFor(app.db, who, 'email_verification_sent')).toMatchObject([
      { actor_id: app.cast.admin.id, details: { invitation: true } },
    ])
  })

  test('goes three times in five minutes at most', async () => {
    const who = await invited()
    for (let i = 0; i < 3; i++) expect((await again(admin, who)).status).toBe(303)
    const answer = await again(admin, who)
    expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([429, true])
  })

  test('goes to nobody who has an account, or is out of reach', async () => {
    const { sam, otto } = app.cast
    const active = await again(admin, sam)
    expect([active.status, textOf(active.text)]).toEqual([
      403,
      expect.stringContaining('has an account already'),
    ])
    expect((await again(foreman, otto)).status).toBe(403)
    const who = await invited()
    await run(app.db, sql`update users set team_id = ${harbour} where id = ${who.id}`)
    expect((await again(foreman, who)).status).toBe(403)
    expect((await again(await app.as('dispatcher'), who)).status).toBe(403)
    expect(await activityFor(app.db, who, 'email_verification_sent')).toEqual([])
  })

  test('is offered in place of what an invited person has no use for', async () => {
    const who = await invited()
    const clients = [admin, await app.as('owner')]
    for (const client of clients)
      for (const place of [`/fieldworkers/${who.id}`, `/fieldworkers?q=${who.email}`]) {
        const page = textOf((await client.get(place)).text)
        for (const offered of ['Resend invitation', 'Edit details', 'Change role', 'Block'])
          expect(page).toContain(offered)
        for (const useless of ['Change password', 'Sign out of all devices', 'Send reset link'])
          expect(page).not.toContain(useless)
      }
  })

  test('is offered for the invited alone', async () => {
    const who = await invited()
    expect(textOf((await admin.get(`/fieldworkers/${who.id}`)).text)).toContain('Resend invitation')
    expect(textOf((await admin.get(`/fieldworkers/${app.cast.sam.id}`)).text)).not.toContain(
      'Resend invitation',
    )
    const dispatcher = await app.as('dispatcher')
    expect(textOf((await dispatcher.get(`/fieldworkers/${who.id}`)).text)).not.toContain('Resend invitation')
  })
})
