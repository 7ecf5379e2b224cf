import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { credential, password, type TestUser } from '../../support/people.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const nothing = 'Nothing was changed.'
const again = `${nothing} Enter it again.`

beforeEach(() => resetRateLimits(app.db))

const worker = () => app.createUser({ name: 'Fia Field', role: 'Fieldworker' })
const ageReauthentication = () =>
  run(app.db, sql`update sessions set reauthenticated_at = reauthenticated_at - interval '31 minutes'`)
const expirePassword = ({ id }: TestUser) =>
  run(
    app.db,
    sql`update users set password_expired_at = now() - interval '1 day', password_grace_until = now() - interval '1 hour' where id = ${id}`,
  )

interface Page {
  status: number
  text: string
  headers: { location?: string }
}

/** Follows redirects as a browser does, and returns the page. */
async function follow(client: HttpClient, answer: Page): Promise<Page> {
  let page = answer
  for (let i = 0; i < 5 && page.headers.location; i++) page = await client.get(page.headers.location)
  return page
}

/** Sends the form that a page shows, with the fields that stand in it. */
function sendShown(client: HttpClient, { text }: Page, action: string, typed: Record<string, string>) {
  const form = new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`).exec(text)?.[0] ?? ''
  const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  const fields = Object.fromEntries(hidden.map(([, name, value]) => [name, value?.replaceAll('&amp;', '&')]))
  return client.postBare(action, { ...(fields as Record<string, string>), ...typed })
}

describe('a form that step-up interrupts, with other tabs open', () => {
  const elsewhere: [string, (client: HttpClient, _csrf: string, other: string) => Promise<unknown>][] = [
    ['opens a page that needs the password', (client) => client.get('/settings/company/security')],
    ['asks for the headers of one', (client, _csrf, other) => client.head(other)],
    ['sends another form', (client, _csrf, other) => client.postBare(other, { _csrf, ...choice })],
    [
      'sends the same form to another person, and enters the password',
      async (client, _csrf, other) => {
        const asked = await follow(client, await client.postBare(other, { _csrf, ...choice }))
        const back = await follow(client, await sendShown(client, asked, '/confirm-password', { password }))
        expect(textOf(back.text)).toContain(again)
      },
    ],
    [
      'enters the password',
      (client, _csrf) => client.postBare('/confirm-password', { _csrf, password, next: '/account' }),
    ],
  ]
  test.each(elsewhere)('says that nothing was changed if another tab %s (fault 28)', async (_, act) => {
    const [one, other] = [await worker(), await worker()]
    const admin = await app.as('admin')
    const _csrf = await admin.token('/account')
    await ageReauthentication()
    const first = await admin.postBare(`/users/${one.id}/password`, { _csrf, ...choice })
    const asked = await follow(admin, first)
    expect(textOf(asked.text)).toContain(nothing)
    await act(admin, _csrf, `/users/${other.id}/password`)
    const back = await follow(admin, await sendShown(admin, asked, '/confirm-password', { password }))
    expect(back.text).toContain(`action="/users/${one.id}/password"`)
    expect(textOf(back.text)).toContain(again)
    expect(textOf((await admin.get('/account')).text)).not.toContain(nothing)
  })

  test('says so in both tabs (fault 28)', async () => {
    const people = [await worker(), await worker()]
    const admin = await app.as('admin')
    const _csrf = await admin.token('/account')
    await ageReauthentication()
    const asked: Page[] = []
    for (const { id } of people)
      asked.push(await follow(admin, await admin.postBare(`/users/${id}/password`, { _csrf, ...choice })))
    for (const page of asked) {
      const back = await follow(admin, await sendShown(admin, page, '/confirm-password', { password }))
      expect(textOf(back.text)).toContain(again)
    }
  })

  test('says so after sign-in, if the session ends while the password is asked for (fault 28)', async () => {
    const one = await worker()
    const admin = await app.as('admin')
    const _csrf = await admin.token('/account')
    await ageReauthentication()
    const asked = await follow(admin, await admin.postBare(`/users/${one.id}/password`, { _csrf, ...choice }))
    await run(app.db, sql`update sessions set ended_at = now() where ended_at is null`)
    const signIn = await follow(admin, await sendShown(admin, asked, '/confirm-password', { password }))
    expect(textOf(signIn.text)).toContain('You are not signed in, so nothing was changed')
    const typed = { email: app.cast.admin.email, password: 'wrong' }
    const wrong = await sendShown(admin, signIn, '/sign-in', typed)
    expect(textOf(wrong.text)).toContain('nothing was changed')
    const back = await follow(admin, await sendShown(admin, wrong, '/sign-in', { ...typed, password }))
    expect(textOf(back.text)).toContain(again)
  })
})

describe('the fifth wrong password in a row', () => {
  const places: [string, Record<string, string>, string][] = [
    ['/confirm-password', {}, 'password'],
    ['/account/password', choice, 'currentPassword'],
    ['/account/email', { email: 'new.one@firm.test' }, 'password'],
    ['/account/email', { email: 'not one' }, 'password'],
  ]
  test.each(places)('says that you were signed out: %s %o (fault 28)', async (place, fields, name) => {
    const client = await app.signIn(await worker())
    const _csrf = await client.token(place)
    for (let i = 1; i <= 5; i++) {
      const answer = await client.postBare(place, { _csrf, ...fields, [name]: `guess ${i}` })
      expect(answer.status).toBe(422)
      expect(textOf(answer.text).includes('you were signed out. Nothing was changed.')).toBe(i === 5)
    }
    const sixth = await client.postBare(place, { _csrf, ...fields, [name]: 'guess 6' })
    expect(textOf((await follow(client, sixth)).text)).toContain('nothing was changed')
  })
})

describe('every guard that answers a form with another page says that nothing was changed', () => {
  interface Case {
    client?: (who: TestUser) => Promise<HttpClient>
    verified?: boolean
    place: (who: TestUser) => string
    fields?: Record<string, string>
    page?: string
    meanwhile: (who: TestUser) => Promise<unknown>
  }
  const byPhone = (who: TestUser) => app.client(iphone).signIn(who.email, password)
  const guards: [string, Case][] = [
    [
      'signed out',
      {
        place: () => '/account/password',
        meanwhile: ({ id }) => run(app.db, sql`update sessions set ended_at = now() where user_id = ${id}`),
      },
    ],
    ['an expired password', { place: () => '/account/email', meanwhile: expirePassword }],
    [
      'a temporary password',
      {
        place: () => '/account/sessions/end-others',
        page: '/account',
        meanwhile: ({ id }) =>
          run(
            app.db,
            sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${id}`,
          ),
      },
    ],
    [
      'an expired password on the phone, entered long ago',
      {
        client: byPhone,
        place: () => '/account/email',
        meanwhile: async (who) => {
          await expirePassword(who)
          await ageReauthentication()
        },
      },
    ],
    [
      'an unverified email',
      {
        place: () => '/account/password',
        meanwhile: ({ id }) => run(app.db, sql`update users set email_verified_at = null where id = ${id}`),
      },
    ],
    [
      'an expired password and an unverified email',
      {
        place: () => '/account/email',
        meanwhile: async (who) => {
          await expirePassword(who)
          await run(app.db, sql`update users set email_verified_at = null where id = ${who.id}`)
        },
      },
    ],
    [
      'step-up',
      { place: () => '/account/sessions/end-others', page: '/account', meanwhile: ageReauthentication },
    ],
    [
      'step-up under /m',
      { client: byPhone, place: () => '/m/password', fields: choice, meanwhile: ageReauthentication },
    ],
    [
      'a role that has no phone pages',
      {
        client: byPhone,
        place: () => '/m/password',
        fields: choice,
        meanwhile: ({ id }) =>
          run(
            app.db,
            sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${id}`,
          ),
      },
    ],
  ]
  test.each(guards)('%s (fault 28)', async (_, guard) => {
    const who = await worker()
    const client = await (guard.client ?? ((person) => app.signIn(person)))(who)
    const place = guard.place(who)
    const _csrf = await client.token(guard.page ?? place)
    const fields = guard.fields ?? {
      email: 'new.one@firm.test',
      password,
      currentPassword: password,
      ...choice,
    }
    await guard.meanwhile(who)
    const before = await credential(app.db, who)
    const page = await follow(client, await client.postBare(place, { _csrf, ...fields }))
    expect(textOf(page.text)).toMatch(/nothing was changed/i)
    expect(page.text.match(/nothing was changed/gi)).toHaveLength(1)
    expect(await credential(app.db, who)).toEqual(before)
    expect(textOf((await follow(client, await client.get(place))).text)).not.toMatch(/nothing was changed/i)
  })

  test('a forced change, for a form of the office (fault 28)', async () => {
    const [target, admin] = [await worker(), await app.createUser({ name: 'Ada Admin', role: 'Admin' })]
    const client = await app.signIn(admin)
    const place = `/users/${target.id}/password`
    const _csrf = await client.token(place)
    await expirePassword(admin)
    const page = await follow(client, await client.postBare(place, { _csrf, ...choice }))
    expect(textOf(page.text)).toContain(nothing)
    const typed = { currentPassword: 'wrong', ...choice }
    const wrong = await sendShown(client, page, '/account/password', typed)
    expect(textOf(wrong.text)).toContain(nothing)
  })

  test('an ended impersonation, also if another tab has shown its message (fault 28)', async () => {
    for (const otherTab of [false, true]) {
      const [target, admin] = [await worker(), await app.as('owner')]
      await admin.post(`/users/${target.id}/impersonation`, { reason: 'the printer at the depot' })
      const _csrf = await admin.token('/account')
      await run(app.db, sql`update impersonations set ends_at = now() where acknowledged_at is null`)
      const answer = await admin.postBare('/account/email', { _csrf, email: 'new.one@firm.test', password })
      if (otherTab) await admin.get('/account')
      expect(textOf((await follow(admin, answer)).text)).toContain('Nothing was changed')
    }
  })

  test.each(['/reset-password', '/invitation'])(
    'a form whose link this browser no longer knows: %s (fault 28)',
    async (place) => {
      const client = await app.signIn(await worker())
      const _csrf = await client.token('/account')
      const page = await follow(client, await client.postBare(place, { _csrf, ...choice }))
      expect(textOf(page.text)).toMatch(/nothing was changed/i)
    },
  )

  test('a page that is only opened says nothing (fault 28)', async () => {
    const who = await worker()
    const client = await app.signIn(who)
    await expirePassword(who)
    await ageReauthentication()
    for (const place of ['/account', '/account/email', '/account/password']) {
      const page = await follow(client, await client.get(place))
      expect(textOf(page.text)).not.toMatch(/nothing was changed/i)
    }
  })
})
