import { describe, expect, test, vi } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { credential, logged, password } from '../support/people.ts'
import { testHouse } from '../support/house.ts'
import { words } from '../support/visitor.ts'

const house = testHouse()
const good = 'violin trunk harvest 58 otter'
const places = [
  ['the list', '/fieldworkers?q=sam', 'fieldworkers'],
  ['the profile', '/fieldworkers/ID', 'profile'],
  ['the list of users', '/settings/company/users', 'users'],
] as const

const door = (id: string) => `/users/${id}/password`
const form = (newPassword: string, more: Record<string, string> = {}) => ({
  ...{ newPassword, confirmPassword: newPassword, mustChange: '1', endSessions: '1' },
  ...more,
})

describe('the office changes a fieldworker’s password', () => {
  test.each(places)(
    'from %s: back there, told what follows, recorded, still themself',
    async (_, place, from) => {
      const worker = await house.add({ name: 'Wilma Worker', role: 'Fieldworker', team: 'North' })
      const returnTo = place.replace('ID', worker.id)
      const admin = await house.as('admin')
      const page = `${door(worker.id)}?returnTo=${encodeURIComponent(returnTo)}`

      const answer = await admin.post(door(worker.id), form(good, { returnTo }), page)

      expect([answer.status, answer.headers.location]).toEqual([303, returnTo])
      const back = words((await admin.get(returnTo)).text)
      expect(back).toContain('Password changed for Wilma Worker')
      expect(back).toContain('Wilma must choose another at next sign-in.')
      expect(words((await admin.get('/account')).text)).toContain('Dana Admin')
      const [event] = await logged(house.db, worker, 'password_change')
      expect(event).toMatchObject({
        method: 'admin',
        actor_id: house.cast.admin.id,
        details: { temporary: true, from },
      })
    },
  )

  test('the notice is shown once', async () => {
    const admin = await house.as('admin')
    await admin.post(door(house.cast.otto.id), form(good, { returnTo: '/fieldworkers' }))
    expect((await admin.get('/fieldworkers')).text).toContain('Password changed for Otto Harbour')
    expect((await admin.get('/fieldworkers')).text).not.toContain('Password changed for Otto Harbour')
  })

  test('the worker’s devices are signed out, the old password is dead, the status stays', async () => {
    const worker = await house.add({ name: 'Dora Devices', role: 'Fieldworker' })
    const [phone, desk] = [await house.signIn(worker), await house.signIn(worker, true)]
    expect((await phone.get('/account')).status).toBe(200)

    await (await house.as('admin')).post(door(worker.id), form(good))

    for (const device of [phone, desk])
      expect((await device.get('/account')).headers.location).toBe('/sign-in?next=%2Faccount')
    await expect(house.signIn(worker)).rejects.toThrow('422')
    expect((await credential(house.db, worker)).status).toBe('active')
    expect(await logged(house.db, worker, 'sessions_ended')).toMatchObject([{ details: { count: 2 } }])
  })

  test('unticked, devices stay signed in and the password is lasting', async () => {
    const worker = await house.add({ name: 'Lasse Lasting', role: 'Fieldworker' })
    const device = await house.signIn(worker)
    const admin = await house.as('admin')
    await admin.post(door(worker.id), { newPassword: good, confirmPassword: good })
    expect((await device.get('/account')).status).toBe(200)
    expect((await credential(house.db, worker)).temporary).toBe(false)
  })

  test('company policy can take the choice away: then it is always temporary', async () => {
    const worker = await house.add({ name: 'Paula Policy', role: 'Fieldworker' })
    await run(house.db, sql`update company set lasting_passwords_allowed = false`)
    const admin = await house.as('admin')
    expect((await admin.get(door(worker.id))).text).not.toContain('name="mustChange"')
    await admin.post(door(worker.id), { newPassword: good, confirmPassword: good })
    await run(house.db, sql`update company set lasting_passwords_allowed = true`)
    expect((await credential(house.db, worker)).temporary).toBe(true)
  })

  test('a sign-in throttle on the account is cleared', async () => {
    const worker = await house.add({ name: 'Theo Throttled', role: 'Fieldworker' })
    for (let i = 0; i < 5; i++)
      await house.visitor().post('/sign-in', { email: worker.email, password: 'wrong' })
    const stranger = house.visitor()
    expect((await stranger.post('/sign-in', { email: worker.email, password })).status).toBe(429)
    await (await house.as('admin')).post(door(worker.id), form(good))
    expect((await stranger.post('/sign-in', { email: worker.email, password: good })).status).toBe(303)
  })

  test('the letter says when, by whom and what to do, and never the password', async () => {
    const worker = await house.add({ name: 'Lena Letter', role: 'Fieldworker' })
    await (await house.as('admin')).post(door(worker.id), form(good))
    const [letter] = await house.lettersTo(worker)
    expect(letter).toMatchObject({
      subject: 'Your password was changed',
      template: 'password_changed_by_office',
    })
    for (const part of [letter?.text, letter?.html]) {
      expect(part).toContain('Dana Admin, Admin')
      expect(part).toContain('Were you expecting this?')
      expect(part).not.toContain(good)
    }
  })

  test('an admin whose password was last entered half an hour ago enters it first, and comes back', async () => {
    const worker = await house.add({ name: 'Stella Stepup', role: 'Fieldworker' })
    const admin = await house.as('admin')
    await run(house.db, sql`update sessions set password_proven_at = now() - interval '31 minutes'`)
    const asked = await admin.get(door(worker.id))
    const next = `/confirm-password?next=${encodeURIComponent(door(worker.id))}`
    expect([asked.status, asked.headers.location]).toEqual([303, next])
    expect((await admin.post('/confirm-password', { password: 'wrong', next: door(worker.id) })).status).toBe(
      422,
    )
    const proven = await admin.post('/confirm-password', { password, next: door(worker.id) })
    expect([proven.status, proven.headers.location]).toEqual([303, door(worker.id)])
    expect((await admin.get(door(worker.id))).status).toBe(200)
  })
})

describe('a temporary password', () => {
  async function given() {
    const worker = await house.add({ name: 'Tea Temporary', role: 'Fieldworker', team: 'North' })
    await (await house.as('admin')).post(door(worker.id), form(good))
    return worker
  }

  test('opens only the page on which it is replaced', async () => {
    const device = await house.signIn(await given(), false, good)
    for (const place of ['/', '/account', '/fieldworkers', '/activity-log', '/confirm-password', '/nowhere'])
      expect((await device.get(place)).headers.location).toMatch(/^\/(account\/password|account)$/)
    expect((await device.get('/account')).headers.location).toBe('/account/password')
    const page = words((await device.get('/account/password')).text)
    expect(page).toContain('Choose your own password')
  })

  test('does so in sessions that were open before, too', async () => {
    const worker = await house.add({ name: 'Olga Old', role: 'Fieldworker' })
    const device = await house.signIn(worker)
    const admin = await house.as('admin')
    await admin.post(door(worker.id), { newPassword: good, confirmPassword: good, mustChange: '1' })
    expect((await device.get('/account')).headers.location).toBe('/account/password')
  })

  test('may not be chosen again, and once replaced the worker works on', async () => {
    const worker = await given()
    const device = await house.signIn(worker, false, good)
    const change = (newPassword: string) =>
      device.post('/account/password', { currentPassword: good, newPassword, confirmPassword: newPassword })
    const again = await change(good)
    expect([again.status, words(again.text)]).toEqual([
      422,
      expect.stringContaining('This is the password in use now.'),
    ])

    expect((await change('meadow copper saddle 21 quiet')).headers.location).toBe('/account')
    expect((await device.get('/account')).status).toBe(200)
    const events = await logged(house.db, worker, 'password_change')
    expect(events.map(({ method }) => method)).toEqual(['admin', 'forced'])
    const own = 'meadow copper saddle 21 quiet'
    const back = await device.post('/account/password', {
      currentPassword: own,
      newPassword: good,
      confirmPassword: good,
    })
    expect(words(back.text)).toContain('that the office gave or replaced')
    expect((await credential(house.db, worker)).temporary).toBe(false)
  })

  test('dies unused: no sign-in, said so only to who knows it, and told in the log once', async () => {
    const worker = await given()
    const device = await house.signIn(worker, false, good)
    await run(
      house.db,
      sql`update users set temporary_password_expires_at = now() - interval '1 second' where id = ${worker.id}`,
    )
    const tryIt = (typed: string) =>
      house.visitor().post('/sign-in', { email: worker.email, password: typed })
    expect(words((await tryIt(good)).text)).toContain('That temporary password has expired')
    expect(words((await tryIt('something else')).text)).toContain('don’t match')
    const late = {
      currentPassword: good,
      newPassword: 'late but lovely otter',
      confirmPassword: 'late but lovely otter',
    }
    expect(words((await device.post('/account/password', late)).text)).toContain('has expired')

    await house.buryTemporaryPasswords()
    await house.buryTemporaryPasswords()
    expect(await logged(house.db, worker, 'temporary_password_expired')).toHaveLength(1)
    expect((await device.get('/account')).headers.location).toContain('/sign-in')
  })
})

describe('a bad password answers 422 with words beside the field, and nothing changes', () => {
  const bad: [string, Record<string, string | string[]>, string][] = [
    ['short', form('short one 1'), 'Use at least 12 characters; this has 11.'],
    ['listed', form('1qaz2wsx3edc'), 'guessed first'],
    ['equal to the old', form(password), 'This is the password in use now.'],
    ['a context word', form('samfield2024!'), 'little more than a name'],
    [
      'a mismatch',
      { ...form(good), confirmPassword: `${good}x` },
      'This is not the same as the new password.',
    ],
    ['over 256', form('ab cd '.repeat(43)), 'Use at most 256 characters; this has 258.'],
    ['a NUL byte', form(`${good}\0x`), 'a character that cannot be typed'],
    ['an array', { ...form(good), newPassword: [good, good] }, 'in a form that cannot be read'],
    ['nothing', form(''), 'Fill this in.'],
  ]
  test.each(bad)('%s', async (_, fields, message) => {
    const { sam } = house.cast
    const device = await house.signIn(sam)
    const admin = await house.as('admin')
    const before = [await credential(house.db, sam), await logged(house.db, sam, 'password_change')]

    const answer = await admin.post(door(sam.id), fields)

    expect(answer.status).toBe(422)
    expect(words(answer.text)).toContain(message)
    expect(answer.text).toMatch(
      /aria-invalid="true"[^>]*aria-describedby|aria-describedby[^>]*aria-invalid="true"/,
    )
    expect(answer.text).toMatch(/<title>Error: /)
    expect(answer.text).not.toContain(good)
    expect([await credential(house.db, sam), await logged(house.db, sam, 'password_change')]).toEqual(before)
    expect((await device.get('/account')).status).toBe(200)
    expect((await house.lettersTo(sam)).filter(({ template }) => template !== 'new_device')).toEqual([])
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
    'a body of %s is read as an empty form',
    async (type) => {
      const { sam } = house.cast
      const admin = await house.as('admin')
      const token = await admin.token(door(sam.id))
      for (const address of [
        door(sam.id),
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

  test('what cannot be read at all answers 400 or 413, and nothing changes', async () => {
    const { sam } = house.cast
    const admin = await house.as('admin')
    const before = await credential(house.db, sam)
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, 'x']))
    expect((await admin.post(door(sam.id), { ...form(good), ...many })).status).toBe(413)
    expect((await admin.post(door(sam.id), form('x'.repeat(1_000_000)))).status).toBe(413)
    expect(await credential(house.db, sam)).toEqual(before)
  })
})

describe('while it is being done', () => {
  test.each([
    ['blocked', `status = 'blocked'`],
    ['demoted', `role_id = (select id from roles where name = 'Auditor')`],
  ])('an admin who is %s meanwhile no longer does it', async (_, fall) => {
    const admin = await house.add({ name: 'Falk Falling', role: 'Admin' })
    const worker = await house.add({ name: 'Walt Waiting', role: 'Fieldworker' })
    const visitor = await house.signIn(admin)
    const before = await credential(house.db, worker)
    const colleague = await house.db.pool.connect()
    await colleague.query('begin')
    await colleague.query(`update users set ${fall} where id = $1`, [admin.id])
    const changing = visitor.post(door(worker.id), form(good)).then(({ status }) => status)
    await vi.waitFor(async () => {
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      expect((await house.db.query(waiting)).rows).toHaveLength(1)
    }, 10_000)
    await colleague.query('commit')
    colleague.release()
    expect(await changing).toBe(403)
    expect(await credential(house.db, worker)).toEqual(before)
  })

  test('two who change each other’s password at once do not block each other', async () => {
    const two = [
      await house.add({ name: 'Ann One', role: 'Admin' }),
      await house.add({ name: 'Bob Two', role: 'Admin' }),
    ]
    const visitors = await Promise.all(two.map((admin) => house.signIn(admin)))
    const answers = await Promise.all(
      visitors.map((visitor, i) => visitor.post(door(two[1 - i]?.id ?? ''), form(good))),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain(303)
    expect(statuses).not.toContain(500)
  })
})

describe('who may not, may not by any way', () => {
  const elsewhere = 'otto'
  test.each(['dispatcher', 'auditor', 'sam'] as const)(
    '%s is refused the form and the direct post',
    async (who) => {
      const visitor = await house.as(who)
      const before = await credential(house.db, house.cast[elsewhere])
      const look = await visitor.get(door(house.cast[elsewhere].id))
      expect([look.status, words(look.text)]).toEqual([
        403,
        expect.stringContaining('You can’t change this person’s password'),
      ])
      expect(look.text).not.toContain('Otto')
      const direct = await visitor.post(door(house.cast[elsewhere].id), form(good), '/account')
      expect(direct.status).toBe(403)
      expect(await credential(house.db, house.cast[elsewhere])).toEqual(before)
    },
  )

  test('nobody sets the password of who is invited, whose invitation stays good', async () => {
    const who = await house.add({
      name: 'Ivy Invited',
      role: 'Fieldworker',
      team: 'North',
      status: 'invited',
    })
    const before = await credential(house.db, who)
    for (const role of ['owner', 'admin', 'dispatcher'] as const) {
      const visitor = await house.as(role)
      const answers = [
        await visitor.get(door(who.id)),
        await visitor.post(door(who.id), form(good), '/account/password'),
      ]
      for (const { status, text } of answers)
        expect([status, words(text)]).toEqual([
          403,
          expect.stringContaining('Ivy Invited has no password yet'),
        ])
    }
    expect(await credential(house.db, who)).toEqual(before)
    expect(await logged(house.db, who, 'password_change')).toEqual([])
  })

  test('a stranger is shown the sign-in page, and a post without a token is refused', async () => {
    const stranger = house.visitor()
    const address = door(house.cast.sam.id)
    expect((await stranger.get(address)).headers.location).toBe(
      `/sign-in?next=${encodeURIComponent(address)}`,
    )
    expect((await stranger.postBare(address, form(good))).status).toBe(403)
    const token = await stranger.token('/sign-in')
    expect((await stranger.postBare(address, { ...form(good), _csrf: token })).headers.location).toBe(
      `/sign-in?next=${encodeURIComponent(address)}&unsaved=1`,
    )
  })

  test('a dispatcher reaches their own crew; an Admin not the Owner; nobody themself', async () => {
    const { sam, owner, admin } = house.cast
    const dispatcher = await house.as('dispatcher')
    expect((await dispatcher.post(door(sam.id), form('lantern violet spruce 44'))).status).toBe(303)
    const adminHere = await house.as('admin')
    expect((await adminHere.get(door(owner.id))).status).toBe(403)
    expect((await adminHere.post(door(owner.id), form(good), '/account')).status).toBe(403)
    const own = await adminHere.get(door(admin.id))
    expect([own.status, words(own.text)]).toEqual([403, expect.stringContaining('This is your own account')])
  })

  test('somebody who is not there is not found', async () => {
    const admin = await house.as('admin')
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', '1%00'])
      expect((await admin.get(door(id))).status).toBe(404)
  })

  test('a form from another site, another session, or with its token in the address is refused', async () => {
    const { otto } = house.cast
    const before = await credential(house.db, otto)
    const admin = await house.as('admin')
    const token = await admin.token(door(otto.id))
    const foreign = await (await house.as('owner')).token('/account')
    for (const answer of [
      await admin.postBare(door(otto.id), form(good)),
      await admin.postBare(door(otto.id), { ...form(good), _csrf: foreign }),
      await admin.postBare(`${door(otto.id)}?_csrf=${token}`, form(good)),
      await admin
        .postBare(door(otto.id), { ...form(good), _csrf: token })
        .set('Sec-Fetch-Site', 'cross-site'),
      await admin.postBare(door(otto.id), { ...form(good), _csrf: token }).set('Origin', 'https://evil.test'),
    ])
      expect(answer.status).toBe(403)
    expect(await credential(house.db, otto)).toEqual(before)
  })
})
