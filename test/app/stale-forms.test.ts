import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import { everything } from '../support/everything.ts'
import { address, routesOf } from '../support/routes.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
const sentence = 'This page was open too long, so nothing was changed. Check it and send it again.'
const choice = { newPassword: 'violin otter trunk seven', confirmPassword: 'violin otter trunk seven' }

const tokenIn = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
/** The value of a field, as the page shows it. */
const valueOf = (html: string, name: string): string | undefined =>
  /\svalue="([^"]*)"/.exec(new RegExp(`<input[^>]*\\sname="${name}"[^>]*>`).exec(html)?.[0] ?? '')?.[1]

const held = () =>
  one(
    app.db,
    z.record(z.string(), z.string().nullable()),
    sql`select (select count(*)::text from activity_log) as entries, (select count(*)::text from emails) as emails,
          (select md5(string_agg(u::text, '' order by id)) from users u) as users,
          (select md5(string_agg(id::text || coalesce(ended_at::text, ''), '' order by id)) from sessions) as sessions,
          (select md5(string_agg(t::text, '' order by id)) from teams t) as teams,
          (select md5(c::text) from company c) as company`,
  )

/** What is sent has no effect, and comes back as it was typed. */
async function comesBack(client: HttpClient, to: string, typed: Record<string, string>, from?: string) {
  const before = await held()
  const post = client.postBare(to, { ...typed, _csrf: 'from long ago' })
  const answer = await (from === undefined ? post : post.set('Referer', `http://localhost:3000${from}`))
  expect([to, answer.status]).toEqual([to, 403])
  expect(textOf(answer.text)).toContain(sentence)
  expect(await held()).toEqual(before)
  return answer
}

describe('a form that was open too long', () => {
  test('is shown again with what was typed, and works when it is sent again (fault 26)', async () => {
    const client = app.client()
    const typed = { email: app.cast.sam.email, password, remember: '1', next: '/account/activity' }
    const { text } = await comesBack(client, '/sign-in', typed)
    expect(text).not.toContain(password)
    expect(valueOf(text, 'email')).toBe(app.cast.sam.email)
    expect(text).toMatch(/name="remember" value="1" checked/)
    expect(text).toContain('<title>Error: ')
    const next = valueOf(text, 'next') ?? ''
    const answer = await client.postBare('/sign-in', { ...typed, next, _csrf: tokenIn(text) })
    expect([answer.status, answer.headers.location]).toEqual([303, '/account/activity'])
  })

  test('before sign-in keeps what was typed (fault 26)', async () => {
    const { text } = await comesBack(app.client(), '/forgot-password', { email: 'o"<b>@x.test' })
    expect(valueOf(text, 'email')).toBe('o&#34;&lt;b&gt;@x.test')
  })

  test('keeps every kind of field: text, boxes, choices, and the version that was read (fault 26)', async () => {
    const owner = await app.as('owner')
    const policy = await owner.get('/settings/company/security')
    const version = valueOf(policy.text, 'version') ?? ''
    const long = { passwordMinLength: '17', contextWords: 'paddock\n"lantern" <b>', version }
    const { text } = await comesBack(owner, '/settings/company/security', long)
    expect(valueOf(text, 'passwordMinLength')).toBe('17')
    expect(valueOf(text, 'version')).toBe(version)
    expect(text).toContain('>\npaddock\n&#34;lantern&#34; &lt;b&gt;</textarea>')
    expect(text).toMatch(/name="lastingPasswordsAllowed" value="1">/) // it was not ticked

    const zone = await comesBack(owner, '/settings/company/profile', {
      name: 'Other',
      timeZone: 'Asia/Tokyo',
    })
    expect(zone.text.match(/<option value="[^"]*" selected>/g)).toEqual([
      '<option value="Asia/Tokyo" selected>',
    ])
    expect(valueOf(zone.text, 'name')).toBe('Other')
  })

  test.each([
    ['/account/password', { currentPassword: password, ...choice }],
    ['/confirm-password', { password }],
  ])('never shows a password again: %s (fault 26)', async (to, typed) => {
    const { text } = await comesBack(await app.as('sam'), to, typed)
    for (const secret of Object.values(typed)) expect(text).not.toContain(secret)
  })

  test('that stood in a dialog is shown on its own page (fault 26)', async () => {
    const admin = await app.as('admin')
    const to = `/users/${app.cast.sam.id}/password`
    const typed = { ...choice, mustChange: '1', returnTo: '/fieldworkers?q=sam' }
    const { text } = await comesBack(admin, to, typed, '/fieldworkers?q=sam')
    expect(text).toContain(`action="${to}"`)
    expect(valueOf(text, 'returnTo')).toBe('/fieldworkers?q=sam')
    expect(text).toMatch(/name="mustChange" value="1" checked>/)
    expect(text).toMatch(/name="endSessions" value="1">/)
  })

  test('that is shown below the address it is sent to is found there (fault 26)', async () => {
    const owner = await app.as('owner')
    const list = '/settings/communications/canned-responses'
    const typed = { name: 'Autumn', subject: 'A new one', body: 'Hello {first_name}' }
    const { text } = await comesBack(owner, list, typed, `${list}/new`)
    expect(valueOf(text, 'subject')).toBe('A new one')
    expect(text).toContain('Hello {first_name}</textarea>')
  })

  test.each([
    ['by what the browser says', '/fieldworkers?q=sam', true],
    ['by returnTo, where the browser names no page', '/fieldworkers?q=sam', false],
  ])('a button leads back to its page: %s (fault 26)', async (_, page, named) => {
    const admin = await app.as('admin')
    for (const action of ['sessions/end', 'password-reset', 'status']) {
      const typed = { status: 'blocked', returnTo: named ? '/' : page }
      const to = `/users/${app.cast.sam.id}/${action}`
      const { text } = await comesBack(admin, to, typed, named ? page : undefined)
      expect(textOf(text)).toContain('Fieldworkers')
      expect(text).toContain(`name="returnTo" value="${page}"`)
    }
  })

  test('of which no page is known gets a page of its own (fault 26)', async () => {
    const admin = await app.as('admin')
    const to = `/users/${app.cast.sam.id}/sessions/end`
    for (const [name, value] of [
      ['Referer', 'http://evil.test/fieldworkers'],
      ['Referer', 'no address'],
      ['Referer', 'http://localhost:3000/nowhere'],
    ] as const) {
      const answer = await admin.postBare(to, { returnTo: '//evil.test' }).set(name, value)
      expect([value, answer.status]).toEqual([value, 403])
      expect(answer.text).toContain('This page was open for too long')
    }
  })

  test('that comes from another site is refused as ever, and shows nothing (fault 26)', async () => {
    const admin = await app.as('admin')
    for (const [name, value] of [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Site', 'same-site'],
      ['Origin', 'https://evil.test'],
    ] as const) {
      const answer = await admin.postBare('/settings/company/profile', { name: 'Evil' }).set(name, value)
      expect(answer.status).toBe(403)
      expect(textOf(answer.text)).not.toContain(sentence)
      expect(answer.text).not.toContain('Evil')
    }
    const own = { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:3000' }
    const answer = await admin.postBare('/settings/company/profile', { name: 'Ours' }).set(own)
    expect([answer.status, valueOf(answer.text, 'name')]).toEqual([403, 'Ours'])
  })

  test('shows nobody a page that is not theirs (fault 26)', async () => {
    const sam = await app.as('sam')
    const answer = await sam.postBare(`/users/${app.cast.otto.id}/password`, choice)
    expect(answer.status).toBe(403)
    expect(textOf(answer.text)).not.toContain(app.cast.otto.name)
  })
})

describe('a form that was open too long does nothing but show a page', () => {
  const files = [
    '/activity-log.csv',
    '/activity-log/evidence.zip',
    '/activity-log.csv?category=security',
    '/fieldworkers.csv',
  ]
  test.each(files)('it downloads nothing, whatever page it names: %s (fault 26)', async (file) => {
    const admin = await app.as('admin')
    for (const place of [`/users/${app.cast.sam.id}/sessions/end`, '/automations/security/dormant/runs'])
      for (const referer of [undefined, file, `${place}/../../..${file}`]) {
        const before = await held()
        const own = { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-origin' }
        const sent = admin.postBare(place, { _csrf: 'bad', returnTo: file }).set(own)
        const answer = await (referer ? sent.set('Referer', `http://localhost:3000${referer}`) : sent)
        expect([answer.status, answer.type]).toEqual([403, 'text/html'])
        expect(answer.headers['content-disposition']).toBeUndefined()
        expect(await held()).toEqual(before)
      }
  })

  test('whatever route it is sent to, and whatever route it names (fault 26)', async () => {
    const all = routesOf(app.express)
    const reset = (await linkTo('/reset-password')).split('/').at(-1) ?? ''
    const place = (route: (typeof all)[number]) =>
      address(route, route.path.endsWith(':token') ? reset : app.cast.sam.id)
    const posts = all.filter(({ method, path }) => method === 'POST' && !/csp-report|sign-out/.test(path))
    const gets = all.filter(({ method }) => method === 'GET')
    const owner = await app.as('owner')
    await owner.get('/account')
    const before = await everything(app.db)
    const send = async (to: string, returnTo: string, referer?: string) => {
      const sent = owner.postBare(to, { _csrf: 'bad', returnTo, token: reset })
      const answer = await (referer ? sent.set('Referer', `http://localhost:3000${referer}`) : sent)
      expect([to, returnTo, answer.status]).not.toEqual([to, returnTo, 200])
      expect(answer.headers['content-disposition']).toBeUndefined()
    }
    for (const route of posts)
      for (const file of ['/activity-log.csv', '/activity-log/evidence.zip'])
        await send(place(route), file, file)
    for (const route of gets) {
      await send(`/users/${app.cast.sam.id}/sessions/end`, place(route))
      await send(`/users/${app.cast.sam.id}/sessions/end`, '/', place(route))
    }
    expect(await everything(app.db)).toEqual(before)
  })

  const noReferer: [string, Record<string, string>, RegExp][] = [
    ['/account/sessions/end-others', {}, /Devices/],
    ['/automations/security/dormant/runs', {}, /Dormant accounts/],
    ['/activity-log/retention', { months: '24' }, /Activity log/],
  ]
  test.each(noReferer)(
    'a button whose browser names no page is shown again: %s (fault 26)',
    async (to, typed, page) => {
      const { text } = await comesBack(await app.as('owner'), to, typed)
      expect(textOf(text)).toMatch(page)
    },
  )

  test('Confirm of an emailed link is shown again, with a button that works (fault 26)', async () => {
    const who = await app.createUser({ name: 'Una Unverified', role: 'Fieldworker', verified: false })
    await (
      await app.signIn(who)
    ).post('/account/email-verification', { next: '/account/password' }, '/account/password')
    await app.runJobs()
    const token = (await pathOf(who.email)).split('/').at(-1) ?? ''
    const client = app.client()
    const { text } = await comesBack(client, '/verify-email', { token })
    const answer = await client.postBare('/verify-email', { token, _csrf: tokenIn(text) })
    expect(answer.status).toBe(303)
  })

  test('a page that refuses does not advise to send it again (fault 26)', async () => {
    const sam = await app.as('sam')
    const answer = await sam.postBare(`/users/${app.cast.otto.id}/password`, choice)
    expect(answer.status).toBe(403)
    expect(textOf(answer.text)).not.toContain('send it again')
    expect(textOf(answer.text)).toMatch(/nothing was changed/i)
  })
})

describe('what is open in another tab', () => {
  test('the sign-in page works after half an hour, and after many (fault 26)', async () => {
    const client = app.client()
    const early = await client.token('/sign-in')
    await app.db.query(sql`delete from session_data`)
    await client.get('/sign-in')
    const answer = await client.postBare('/sign-in', { _csrf: early, email: app.cast.sam.email, password })
    expect(answer.status).toBe(303)
  })

  test('a second sign-in page goes on where the same person is signed in (fault 26)', async () => {
    const client = app.client()
    const second = await client.token('/sign-in')
    await client.signIn(app.cast.sam.email, password)
    const before = await held()
    const typed = {
      _csrf: second,
      email: ` ${app.cast.sam.email.toUpperCase()}`,
      next: '/account/sessions',
    }
    const answer = await client.postBare('/sign-in', { ...typed, password })
    expect([answer.status, answer.headers.location]).toEqual([303, '/account/sessions'])
    expect(await held()).toEqual(before)
    expect((await client.get('/account')).status).toBe(200)
  })

  test('a second sign-in page shows itself again to somebody else, who then signs in (fault 26)', async () => {
    const client = await app.as('sam')
    const { text } = await comesBack(client, '/sign-in', { email: app.cast.otto.email, password })
    expect(valueOf(text, 'email')).toBe(app.cast.otto.email)
    const typed = { email: app.cast.otto.email, password, _csrf: tokenIn(text) }
    expect((await client.postBare('/sign-in', typed)).status).toBe(303)
    expect((await client.get('/account')).text).toContain(app.cast.otto.email)
  })

  test.each(['/reset-password', '/invitation'])(
    'a link that is opened twice may be used in the first tab: %s (fault 26)',
    async (page) => {
      const link = await linkTo(page)
      const client = app.client()
      await client.get(link)
      const first = await client.token(page)
      await client.get(link)
      const second = await client.get(page)
      expect(tokenIn(second.text)).not.toBe('')
      const answer = await client.postBare(page, { ...choice, _csrf: first })
      expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
      expect((await client.get('/sign-in')).text).toMatch(/Your password is changed|Your account is ready/)
    },
  )

  test('the link of somebody else, opened in between, is not used by the form of the first (fault 26)', async () => {
    const [first, second] = [await linkTo('/reset-password'), await linkTo('/reset-password')]
    const client = app.client()
    await client.get(first)
    const _csrf = await client.token('/reset-password')
    await client.get(second)
    expect((await client.postBare('/reset-password', { ...choice, _csrf })).status).toBe(403)
  })

  test('the form of a link that this browser no longer knows says what to do (fault 26)', async () => {
    const link = await linkTo('/reset-password')
    const client = app.client()
    await client.get(link)
    const _csrf = await client.token('/reset-password')
    await app.db.query(sql`delete from session_data`)
    const answer = await client.postBare('/reset-password', { ...choice, _csrf })
    expect(answer.status).toBe(403)
    expect(textOf(answer.text)).toContain('Open the link in the email again')
  })

  test('goes on after the password was entered once more, or changed (fault 26)', async () => {
    const who = await app.createUser({ name: 'Ada Altera', role: 'Fieldworker' })
    const client = await app.signIn(who)
    const open = await client.token('/account/email')
    await client.post('/confirm-password', { password, next: '/account' })
    const changed = await client.post('/account/password', { currentPassword: password, ...choice })
    expect(changed.status).toBe(303)
    const answer = await client.postBare('/account/email', { _csrf: open, email: 'not one' })
    expect(answer.status).toBe(422)
  })

  test('goes on where two pages are opened at once right after sign-in (fault 26)', async () => {
    const client = await app.as('sam')
    const pages = await Promise.all(['/account/email', '/account/password'].map((page) => client.token(page)))
    for (const _csrf of pages)
      expect((await client.postBare('/account/email', { _csrf, email: 'not one' })).status).toBe(422)
  })

  test('does not go on into another name: neither when working as somebody begins, nor after (fault 26)', async () => {
    const admin = await app.as('admin')
    const before = await admin.token('/account/email')
    const begin = { reason: 'the printer at the depot' }
    const begun = await admin.post(`/users/${app.cast.sam.id}/impersonation`, begin)
    expect(begun.status).toBe(303)
    const during = await admin.token('/account')
    expect((await admin.postBare('/impersonation/end', { _csrf: before })).status).toBe(403)
    expect((await admin.postBare('/impersonation/end', { _csrf: during })).status).toBe(303)
    for (const _csrf of [before, during])
      expect((await admin.postBare('/account/email', { _csrf, email: 'not one' })).status).toBe(403)
  })

  test('a form of somebody whose session is over leads to sign-in and back to itself (fault 26)', async () => {
    const ends = {
      idle: sql`update sessions set last_seen_at = now() - interval '2 hours', remembered = false`,
      'not even kept': sql`delete from session_data`,
    }
    for (const [how, end] of Object.entries(ends)) {
      const client = await app.as('sam')
      const _csrf = await client.token('/account/password')
      await app.db.query(end)
      const before = await held()
      const answer = await client.postBare('/account/password', {
        _csrf,
        currentPassword: password,
        ...choice,
      })
      expect([how, answer.status]).toEqual([how, 303])
      expect(answer.headers.location).toBe('/sign-in?next=%2Faccount%2Fpassword&unsaved=1')
      expect(await held()).toEqual(before)
      const page = await client.get(answer.headers.location ?? '')
      expect(textOf(page.text)).toContain('You are not signed in, so nothing was changed')
      expect(valueOf(page.text, 'next')).toBe('/account/password')
    }
  })

  test('a button of somebody whose session is over leads back to the page it stood on (fault 26)', async () => {
    const admin = await app.as('admin')
    const to = `/users/${app.cast.sam.id}/sessions/end`
    const _csrf = await admin.token('/fieldworkers')
    await app.db.query(sql`update sessions set ended_at = now() where ended_at is null`)
    const answer = await admin.postBare(to, { _csrf, returnTo: '/fieldworkers?q=sam' })
    expect(answer.headers.location).toBe('/sign-in?next=%2Ffieldworkers%3Fq%3Dsam&unsaved=button')
    expect((await admin.postBare(to, { _csrf })).headers.location).toBe('/sign-in?next=%2F&unsaved=button')
  })
})

describe('signing out ends at the sign-in page', () => {
  test('a second time, and after the session is over (fault 26)', async () => {
    const client = await app.as('sam')
    const _csrf = await client.token('/account')
    for (let time = 0; time < 3; time++) {
      const answer = await client.postBare('/sign-out', { _csrf })
      expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    }
    const idle = await app.as('sam')
    await app.db.query(sql`update sessions set ended_at = now() where ended_at is null`)
    expect((await idle.postBare('/sign-out', { _csrf: 'old' })).headers.location).toBe('/sign-in')
    expect(idle.sessionCookie()).toBe('')
  })

  test('from a page of before, where the browser says that it is ours (fault 26)', async () => {
    const client = await app.as('sam')
    const old = await client.token('/account')
    await client.post('/sign-in', { email: app.cast.otto.email, password }, '/account')
    const sites = { 'Sec-Fetch-Site': 'cross-site' }
    expect((await client.postBare('/sign-out', { _csrf: old }).set(sites)).status).toBe(403)
    expect((await client.postBare('/sign-out', { _csrf: old })).status).toBe(403)
    expect((await client.get('/account')).status).toBe(200)
    const ours = { 'Sec-Fetch-Site': 'same-origin' }
    expect((await client.postBare('/sign-out', { _csrf: old }).set(ours)).headers.location).toBe('/sign-in')
    expect((await client.get('/account')).status).toBe(303)
  })

  test('never from another site, not even for who is signed out (fault 26)', async () => {
    const answer = await app.client().postBare('/sign-out').set('Sec-Fetch-Site', 'cross-site')
    expect(answer.status).toBe(403)
  })
})

let people = 0

/** The path of a link that leads to a page, mailed to somebody new. */
async function linkTo(page: string): Promise<string> {
  const name = `Nina Newlink ${++people}`
  if (page === '/invitation') {
    const admin = await app.as('admin')
    const typed = { name, email: `nina.${people}@firm.test`, phone: '', teamId: '' }
    await admin.post('/fieldworkers/new', typed)
    await app.runJobs()
    return pathOf(typed.email)
  }
  const who = await app.createUser({ name, role: 'Fieldworker' })
  await resetRateLimits(app.db)
  await app.client().post('/forgot-password', { email: who.email })
  await app.runJobs()
  return pathOf(who.email)
}

async function pathOf(email: string): Promise<string> {
  const { body } = await app.client().get('/dev/outbox.json')
  const mail = (body as { to: string; link: string | null }[]).find(({ to, link }) => to === email && link)
  return new URL(mail?.link ?? '').pathname
}
