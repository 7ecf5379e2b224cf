import { describe, expect, test, vi } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { credential, activityFor, password } from '../../support/people.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const places = [
  ['the list', '/fieldworkers?q=sam', 'fieldworkers'],
  ['the profile', '/fieldworkers/ID', 'profile'],
  ['the list of users', '/settings/company/users', 'users'],
] as const

const route = (id: string) => `/users/${id}/password`
const form = (newPassword: string, more: Record<string, string> = {}) => ({
  ...{ newPassword, confirmPassword: newPassword, mustChange: '1', endSessions: '1' },
  ...more,
})

describe('the office changes a fieldworker’s password', () => {
  test.each(places)(
    'from %s: leads back, says what happens next, is recorded, and stays the admin',
    async (_, place, from) => {
      const worker = await app.createUser({ name: 'Wilma Worker', role: 'Fieldworker', team: 'North' })
      const returnTo = place.replace('ID', worker.id)
      const admin = await app.as('admin')
      const page = `${route(worker.id)}?returnTo=${encodeURIComponent(returnTo)}`

      const answer = await admin.post(route(worker.id), form(good, { returnTo }), page)

      expect([answer.status, answer.headers.location]).toEqual([303, returnTo])
      const back = textOf((await admin.get(returnTo)).text)
      expect(back).toContain('Password changed for Wilma Worker')
      expect(back).toContain('Wilma must choose another at next sign-in.')
      expect(textOf((await admin.get('/account')).text)).toContain('Dana Admin')
      const [event] = await activityFor(app.db, worker, 'password_change')
      expect(event).toMatchObject({
        method: 'admin',
        actor_id: app.cast.admin.id,
        details: { temporary: true, from },
      })
    },
  )

  test('the notice is shown once', async () => {
    const admin = await app.as('admin')
    await admin.post(route(app.cast.otto.id), form(good, { returnTo: '/fieldworkers' }))
    expect((await admin.get('/fieldworkers')).text).toContain('Password changed for Otto Harbour')
    expect((await admin.get('/fieldworkers')).text).not.toContain('Password changed for Otto Harbour')
  })

  test('the worker’s devices are signed out, the old password is invalid, the status stays', async () => {
    const worker = await app.createUser({ name: 'Dora Devices', role: 'Fieldworker' })
    const [phone, desk] = [await app.signIn(worker), await app.signIn(worker, true)]
    expect((await phone.get('/account')).status).toBe(200)

    await (await app.as('admin')).post(route(worker.id), form(good))

    for (const device of [phone, desk])
      expect((await device.get('/account')).headers.location).toBe('/sign-in?next=%2Faccount')
    await expect(app.signIn(worker)).rejects.toThrow('422')
    expect((await credential(app.db, worker)).status).toBe('active')
    expect(await activityFor(app.db, worker, 'sessions_ended')).toMatchObject([{ details: { count: 2 } }])
  })

  test('unticked, devices stay signed in and the password is permanent', async () => {
    const worker = await app.createUser({ name: 'Lasse Lasting', role: 'Fieldworker' })
    const device = await app.signIn(worker)
    const admin = await app.as('admin')
    await admin.post(route(worker.id), { newPassword: good, confirmPassword: good })
    expect((await device.get('/account')).status).toBe(200)
    expect((await credential(app.db, worker)).temporary).toBe(false)
  })

  test('company policy can remove the choice: then it is always temporary', async () => {
    const worker = await app.createUser({ name: 'Paula Policy', role: 'Fieldworker' })
    await run(app.db, sql`update company set lasting_passwords_allowed = false`)
    const admin = await app.as('admin')
    expect((await admin.get(route(worker.id))).text).not.toContain('name="mustChange"')
    await admin.post(route(worker.id), { newPassword: good, confirmPassword: good })
    await run(app.db, sql`update company set lasting_passwords_allowed = true`)
    expect((await credential(app.db, worker)).temporary).toBe(true)
  })

  test('a sign-in throttle on the account is cleared', async () => {
    const worker = await app.createUser({ name: 'Theo Throttled', role: 'Fieldworker' })
    for (let i = 0; i < 5; i++)
      await app.client().post('/sign-in', { email: worker.email, password: 'wrong' })
    const stranger = app.client()
    expect((await stranger.post('/sign-in', { email: worker.email, password })).status).toBe(429)
    await (await app.as('admin')).post(route(worker.id), form(good))
    expect((await stranger.post('/sign-in', { email: worker.email, password: good })).status).toBe(303)
  })

  test('the email says when, who did it and what to do, and never the password', async () => {
    const worker = await app.createUser({ name: 'Lena Email', role: 'Fieldworker' })
    await (await app.as('admin')).post(route(worker.id), form(good))
    const [email] = await app.emailsTo(worker)
    expect(email).toMatchObject({
      subject: 'Your password was changed',
      template: 'password_changed_by_office',
    })
    for (const part of [email?.text, email?.html]) {
      expect(part).toContain('Dana Admin, Admin')
      expect(part).toContain('Were you expecting this?')
      expect(part).not.toContain(good)
    }
  })

  test('an admin who entered their password half an hour ago enters it first, and comes back', async () => {
    const worker = await app.createUser({ name: 'Stella Stepup', role: 'Fieldworker' })
    const admin = await app.as('admin')
    await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
    const asked = await admin.get(route(worker.id))
    const next = `/confirm-password?next=${encodeURIComponent(route(worker.id))}`
    expect([asked.status, asked.headers.location]).toEqual([303, next])
    expect(
      (await admin.post('/confirm-password', { password: 'wrong', next: route(worker.id) })).status,
    ).toBe(422)
    const proven = await admin.post('/confirm-password', { password, next: route(worker.id) })
    expect([proven.status, proven.headers.location]).toEqual([303, route(worker.id)])
    expect((await admin.get(route(worker.id))).status).toBe(200)
  })
})

describe('a temporary password', () => {
  async function given() {
    const worker = await app.createUser({ name: 'Tea Temporary', role: 'Fieldworker', team: 'North' })
    await (await app.as('admin')).post(route(worker.id), form(good))
    return worker
  }

  test('opens only the page that replaces it', async () => {
    const device = await app.signIn(await given(), false, good)
    for (const place of ['/', '/account', '/fieldworkers', '/activity-log', '/confirm-password', '/nowhere'])
      expect((await device.get(place)).headers.location).toMatch(/^\/(account\/password|account)$/)
    expect((await device.get('/account')).headers.location).toBe('/account/password')
    const page = textOf((await device.get('/account/password')).text)
    expect(page).toContain('Choose your own password')
  })

  test('does so in sessions opened before, too', async () => {
    const worker = await app.createUser({ name: 'Olga Old', role: 'Fieldworker' })
    const device = await app.signIn(worker)
    const admin = await app.as('admin')
    await admin.post(route(worker.id), { newPassword: good, confirmPassword: good, mustChange: '1' })
    expect((await device.get('/account')).headers.location).toBe('/account/password')
  })

  test('may not be chosen again, and once replaced the worker continues', async () => {
    const worker = await given()
    const device = await app.signIn(worker, false, good)
    const change = (newPassword: string) =>
      device.post('/account/password', { currentPassword: good, newPassword, confirmPassword: newPassword })
    const again = await change(good)
    expect([again.status, textOf(again.text)]).toEqual([
      422,
      expect.stringContaining('This is the current password.'),
    ])

    expect((await change('meadow copper saddle 21 quiet')).headers.location).toBe('/account')
    expect((await device.get('/account')).status).toBe(200)
    const events = await activityFor(app.db, worker, 'password_change')
    expect(events.map(({ method }) => method)).toEqual(['admin', 'forced'])
    const own = 'meadow copper saddle 21 quiet'
    const back = await device.post('/account/password', {
      currentPassword: own,
      newPassword: good,
      confirmPassword: good,
    })
    expect(textOf(back.text)).toContain('Your office gave or replaced this password')
    expect((await credential(app.db, worker)).temporary).toBe(false)
  })

  test('expires if not used: no sign-in, a message only to people who know it, and one log entry', async () => {
    const worker = await given()
    const device = await app.signIn(worker, false, good)
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() - interval '1 second' where id = ${worker.id}`,
    )
    const tryIt = (typed: string) => app.client().post('/sign-in', { email: worker.email, password: typed })
    expect(textOf((await tryIt(good)).text)).toContain('That temporary password has expired')
    expect(textOf((await tryIt('something else')).text)).toContain('don’t match')
    const late = {
      currentPassword: good,
      newPassword: 'late but lovely otter',
      confirmPassword: 'late but lovely otter',
    }
    expect(textOf((await device.post('/account/password', late)).text)).toContain('has expired')

    await app.expireTemporaryPasswords()
    await app.expireTemporaryPasswords()
    expect(await activityFor(app.db, worker, 'temporary_password_expired')).toHaveLength(1)
    expect((await device.get('/account')).headers.location).toContain('/sign-in')
  })
})

describe('a rejected password answers 422 with an error at the field, and nothing changes', () => {
  const bad: [string, Record<string, string | string[]>, string][] = [
    ['short', form('short one 1'), 'Use at least 12 characters; this has 11.'],
    ['listed', form('1qaz2wsx3edc'), 'guessed first'],
    ['equal to the old', form(password), 'This is the current password.'],
    ['a context word', form('samfield2024!'), 'little more than a name'],
    [
      'a mismatch',
      { ...form(good), confirmPassword: `${good}x` },
      'The passwords don’t match. Enter the new password again.',
    ],
    ['over 256', form('ab cd '.repeat(43)), 'Use at most 256 characters; this has 258.'],
    ['a NUL byte', form(`${good}\0x`), 'a character that cannot be typed'],
    ['an array', { ...form(good), newPassword: [good, good] }, 'in a form that cannot be read'],
    ['nothing', form(''), 'Enter a new password.'],
  ]
  test.each(bad)('%s', async (_, fields, message) => {
    const { sam } = app.cast
    const device = await app.signIn(sam)
    const admin = await app.as('admin')
    const before = [await credential(app.db, sam), await activityFor(app.db, sam, 'password_change')]

    const answer = await admin.post(route(sam.id), fields)

    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toContain(message)
    expect(answer.text).toMatch(
      /aria-invalid="true"[^>]*aria-describedby|aria-describedby[^>]*aria-invalid="true"/,
    )
    expect(answer.text).toMatch(/<title>Error: /)
    expect(answer.text).not.toContain(good)
    expect([await credential(app.db, sam), await activityFor(app.db, sam, 'password_change')]).toEqual(before)
    expect((await device.get('/account')).status).toBe(200)
    expect((await app.emailsTo(sam)).filter(({ template }) => template !== 'new_device')).toEqual([])
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
    'a body of %s is read as an empty form',
    async (type) => {
      const { sam } = app.cast
      const admin = await app.as('admin')
      const token = await admin.token(route(sam.id))
      for (const address of [
        route(sam.id),
        '/confirm-password',
        '/account/password',
        '/sign-in',
        '/forgot-password',
        '/verify-email',
        `/users/${sam.id}/sessions/end`,
      ]) {
        const answer = await admin
          .postBare(address)
          .unset('Content-Type')
          .set('Content-Type', type)
          .set('x-csrf-token', token)
          .send('{"newPassword":["a"]}')
        expect([address, answer.status < 500]).toEqual([address, true])
      }
    },
  )

  test('an unreadable body answers 400 or 413, and nothing changes', async () => {
    const { sam } = app.cast
    const admin = await app.as('admin')
    const before = await credential(app.db, sam)
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, 'x']))
    expect((await admin.post(route(sam.id), { ...form(good), ...many })).status).toBe(413)
    expect((await admin.post(route(sam.id), form('x'.repeat(1_000_000)))).status).toBe(413)
    expect(await credential(app.db, sam)).toEqual(before)
  })
})

describe('while it is being done', () => {
  test.each([
    ['blocked', `status = 'blocked'`],
    ['demoted', `role_id = (select id from roles where name = 'Auditor')`],
  ])('an admin who is %s meanwhile cannot do it', async (_, fall) => {
    const admin = await app.createUser({ name: 'Falk Falling', role: 'Admin' })
    const worker = await app.createUser({ name: 'Walt Waiting', role: 'Fieldworker' })
    const client = await app.signIn(admin)
    const before = await credential(app.db, worker)
    const colleague = await app.db.pool.connect()
    await colleague.query('begin')
    await colleague.query(`update users set ${fall} where id = $1`, [admin.id])
    const changing = client.post(route(worker.id), form(good)).then(({ status }) => status)
    await vi.waitFor(async () => {
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      expect((await app.db.query(waiting)).rows).toHaveLength(1)
    }, 10_000)
    await colleague.query('commit')
    colleague.release()
    expect(await changing).toBe(403)
    expect(await credential(app.db, worker)).toEqual(before)
  })

  test('two people who change each other’s password at once do not deadlock', async () => {
    const two = [
      await app.createUser({ name: 'Ann One', role: 'Admin' }),
      await app.createUser({ name: 'Bob Two', role: 'Admin' }),
    ]
    const clients = await Promise.all(two.map((admin) => app.signIn(admin)))
    const answers = await Promise.all(
      clients.map((client, i) => client.post(route(two[1 - i]?.id ?? ''), form(good))),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain(303)
    expect(statuses).not.toContain(500)
  })
})

describe('people without permission are denied in every way', () => {
  const elsewhere = 'otto'
  test.each(['dispatcher', 'auditor', 'sam'] as const)(
    '%s is denied the form and a direct POST',
    async (who) => {
      const client = await app.as(who)
      const before = await credential(app.db, app.cast[elsewhere])
      const look = await client.get(route(app.cast[elsewhere].id))
      expect([look.status, textOf(look.text)]).toEqual([
        403,
        expect.stringContaining('You can’t change this person’s password'),
      ])
      expect(look.text).not.toContain('Otto')
      const direct = await client.post(route(app.cast[elsewhere].id), form(good), '/account')
      expect(direct.status).toBe(403)
      expect(await credential(app.db, app.cast[elsewhere])).toEqual(before)
    },
  )

  test('nobody sets the password of an invited person, whose invitation stays valid', async () => {
    const who = await app.createUser({
      name: 'Ivy Invited',
      role: 'Fieldworker',
      team: 'North',
      status: 'invited',
    })
    const before = await credential(app.db, who)
    for (const role of ['owner', 'admin', 'dispatcher'] as const) {
      const client = await app.as(role)
      const answers = [
        await client.get(route(who.id)),
        await client.post(route(who.id), form(good), '/account/password'),
      ]
      for (const { status, text } of answers)
        expect([status, textOf(text)]).toEqual([
          403,
          expect.stringContaining('Ivy Invited has no password yet'),
        ])
    }
    expect(await credential(app.db, who)).toEqual(before)
    expect(await activityFor(app.db, who, 'password_change')).toEqual([])
  })

  test('a visitor gets the sign-in page, and a POST without a token is rejected', async () => {
    const stranger = app.client()
    const address = route(app.cast.sam.id)
    expect((await stranger.get(address)).headers.location).toBe(
      `/sign-in?next=${encodeURIComponent(address)}`,
    )
    expect((await stranger.postBare(address, form(good))).status).toBe(403)
    const token = await stranger.token('/sign-in')
    expect((await stranger.postBare(address, { ...form(good), _csrf: token })).headers.location).toBe(
      `/sign-in?next=${encodeURIComponent(address)}&unsaved=1`,
    )
  })

  test('a dispatcher can act on their own crew; an Admin not on the Owner; nobody on themselves', async () => {
    const { sam, owner, admin } = app.cast
    const dispatcher = await app.as('dispatcher')
    expect((await dispatcher.post(route(sam.id), form('lantern violet spruce 44'))).status).toBe(303)
    const adminHere = await app.as('admin')
    expect((await adminHere.get(route(owner.id))).status).toBe(403)
    expect((await adminHere.post(route(owner.id), form(good), '/account')).status).toBe(403)
    const own = await adminHere.get(route(admin.id))
    expect([own.status, textOf(own.text)]).toEqual([403, expect.stringContaining('This is your own account')])
  })

  test('an unknown person is not found', async () => {
    const admin = await app.as('admin')
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', '1%00'])
      expect((await admin.get(route(id))).status).toBe(404)
  })

  test('a form from another site, another session, or with its token in the address is rejected', async () => {
    const { otto } = app.cast
    const before = await credential(app.db, otto)
    const admin = await app.as('admin')
    const token = await admin.token(route(otto.id))
    const foreign = await (await app.as('owner')).token('/account')
    for (const answer of [
      await admin.postBare(route(otto.id), form(good)),
      await admin.postBare(route(otto.id), { ...form(good), _csrf: foreign }),
      await admin.postBare(`${route(otto.id)}?_csrf=${token}`, form(good)),
      await admin
        .postBare(route(otto.id), { ...form(good), _csrf: token })
        .set('Sec-Fetch-Site', 'cross-site'),
      await admin
        .postBare(route(otto.id), { ...form(good), _csrf: token })
        .set('Origin', 'https://evil.test'),
    ])
      expect(answer.status).toBe(403)
    expect(await credential(app.db, otto)).toEqual(before)
  })
})
