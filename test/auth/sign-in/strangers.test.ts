import { createHmac } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../../src/app.ts'
import { one, sql } from '../../../src/platform/db.ts'
import { address, routesOf } from '../../support/routes.ts'
import { sessionSecret, createTestApp } from '../../support/test-app.ts'
import { password } from '../../support/people.ts'
import { HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const notThere = '00000000-0000-4000-8000-000000000000'

const rowsOfSessions = async () =>
  (
    await one(
      app.db,
      z.object({ count: z.number() }),
      sql`select (select count(*)::int from session_data) + (select count(*)::int from sessions) as count`,
    )
  ).count

const setBy = ({ headers }: { headers: Record<string, unknown> }): string[] =>
  [headers['set-cookie'] ?? []].flat() as string[]

/** What a browser without any cookie gets with the sign-in form: the cookie and the token that fits it. */
async function pair(expressApp = app.express) {
  const answer = await supertest(expressApp).get('/sign-in')
  const cookie = setBy(answer).find((one) => one.includes('csrf=')) ?? ''
  expect(cookie).toMatch(/csrf=s%3A/)
  return { cookie, value: cookie.split(';')[0] ?? '', token: tokenIn(answer.text) }
}

const tokenIn = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''

const signIn = (cookie: string, token: string, expressApp = app.express) =>
  supertest(expressApp)
    .post('/sign-in')
    .set('Cookie', cookie)
    .type('form')
    .send({ _csrf: token, email: app.cast.sam.email, password })

describe('a person who is not signed in', () => {
  test('opens any page any number of times, and nothing is stored (fault 17)', async () => {
    const before = await rowsOfSessions()
    for (const route of routesOf(app.express).filter(({ method }) => method === 'GET'))
      for (let look = 0; look < 10; look++) {
        const answer = await supertest(app.express).get(address(route, notThere))
        const cookies = setBy(answer).filter((cookie) => cookie.startsWith('sid='))
        expect([route.path, cookies]).toEqual([route.path, []])
      }
    expect(await rowsOfSessions()).toBe(before)
  })

  test('opens an invalid link without storing a row, and gets a new one sent from that page (fault 17)', async () => {
    const ursula = await linkOf('Ursula Used')
    await app.db.query(
      sql`update links set expires_at = now() - interval '1 minute' where user_id = ${ursula.id}`,
    )
    await app.db.query(sql`delete from rate_limits`)
    const before = await rowsOfSessions()
    const client = app.client()
    const path = ursula.link
    for (let look = 0; look < 3; look++) expect((await client.get(path)).status).toBe(410)
    expect(await rowsOfSessions()).toBe(before)
    const asked = await client.post('/forgot-password', {}, path)
    expect([asked.status, asked.headers.location]).toEqual([303, '/forgot-password/sent'])
    await app.runJobs()
    expect(await app.emailsTo(ursula)).toHaveLength(2)
  })

  test('gets a signed cookie with a form, which lasts until the browser closes (fault 17)', async () => {
    const { cookie } = await pair()
    expect(cookie).toMatch(/^csrf=s%3A[\w-]{24}\.[\w%]+; Path=\/; HttpOnly; SameSite=Lax$/)
    const https = createApp({ db: app.db, config: app.configWith({ BASE_URL: 'https://fieldkey.test' }) })
    expect((await pair(https)).cookie).toMatch(
      /^__Host-csrf=s%3A[\w-]{24}\.[\w%]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('signs in over https with it (fault 17)', async () => {
    const https = createApp({ db: app.db, config: app.configWith({ BASE_URL: 'https://fieldkey.test' }) })
    const { value, token } = await pair(https)
    const answer = await signIn(value, token, https)
    expect(answer.status).toBe(303)
    expect(setBy(answer).join('\n')).toMatch(/^__Host-csrf=; Path=\/; Expires=Thu, 01 Jan 1970/m)
  })

  test('keeps their cookie from page to page (fault 17)', async () => {
    const { value } = await pair()
    for (const page of ['/sign-in', '/forgot-password', '/forgot-password/sent'])
      expect(setBy(await supertest(app.express).get(page).set('Cookie', value))).toEqual([])
  })
})

describe('row 241, ASVS 3.5.1: the token before sign-in', () => {
  test('is accepted with its own cookie (fault 17)', async () => {
    const { value, token } = await pair()
    expect((await signIn(value, token)).status).toBe(303)
    expect((await signIn(`${value}; other=1`, token)).status).toBe(303)
  })

  test('is rejected with a cookie that the app did not sign, with two of them, or with none (fault 17)', async () => {
    const { value, token } = await pair()
    const other = await pair()
    const [name, signed = ''] = value.split('=')
    const secret = signed.slice(4, 28)
    const signature = (key: string) =>
      encodeURIComponent(createHmac('sha256', key).update(secret).digest('base64').replace(/=+$/, ''))
    const cookies = [
      '',
      `${name}=`,
      `${name}=${secret}`,
      `${name}=s%3A${secret}`,
      `${name}=s%3A${secret}.`,
      `${name}=s%3A${secret}.${signature(sessionSecret)}`,
      `${name}=s%3A${secret}.${signature('another key')}`,
      `${name}=s%3A${secret}.${'A'.repeat(43)}`,
      `${name}="${signed}"`,
      `${name}=j%3A${signed}`,
      `__Host-${value}`,
      `sid=${signed}`,
      other.value,
      `${value}; ${other.value}`,
      `${other.value}; ${value}`,
      `${value}; ${value}`,
      `${value}; ${name} =x`,
      `${value}; ${name}`,
    ]
    for (const cookie of cookies)
      expect([cookie, (await signIn(cookie, token)).status]).toEqual([cookie, 403])
    expect((await signIn(value, token)).status).toBe(303)
  })

  test('is read from the form or the header, never from the address (fault 17)', async () => {
    const { value, token } = await pair()
    const post = (to: string) => supertest(app.express).post(to).set('Cookie', value).type('form')
    const typed = { email: app.cast.sam.email, password }
    expect((await post(`/sign-in?_csrf=${encodeURIComponent(token)}`).send(typed)).status).toBe(403)
    expect((await post('/sign-in').set('csrf-token', token).send(typed)).status).toBe(403)
    expect((await post('/sign-in').set('x-csrf-token', token).send(typed)).status).toBe(303)
    expect((await post('/sign-in').send({ ...typed, _csrf: [token, token] })).status).toBe(403)
  })

  test('stays valid when a new session secret is put before the old one (fault 17)', async () => {
    const { value, token } = await pair()
    const after = (secrets: string) =>
      createApp({ db: app.db, config: app.configWith({ SESSION_SECRET: secrets }) })
    const fresh = 'for tests alone: a secret that is newer than the other'
    expect((await signIn(value, token, after(`${fresh},${sessionSecret}`))).status).toBe(303)
    expect((await signIn(value, token, after(fresh))).status).toBe(403)
  })

  test('is rejected by forms of a session, and the token of a session by all other forms (fault 17)', async () => {
    const lena = await linkOf('Lena Landed')
    const client = app.client()
    const strangers = await client.token('/sign-in')
    await client.get(lena.link)
    const landed = await client.token('/reset-password')
    const choice = { newPassword: 'violin otter trunk seven', confirmPassword: 'violin otter trunk seven' }
    expect((await client.postBare('/reset-password', { ...choice, _csrf: strangers })).status).toBe(403)
    const signedIn = await client.postBare('/sign-in', { _csrf: landed, email: lena.email, password })
    expect(signedIn.status).toBe(403)
    expect((await client.postBare('/reset-password', { ...choice, _csrf: landed })).status).toBe(303)
  })
})

describe('rows 242 and 243, NIST 5.1: once signed in', () => {
  test('only the token of the session is accepted, on every form (fault 17)', async () => {
    const { value, token } = await pair()
    const client = await app.as('owner')
    const cookies = `${value}; ${client.sessionCookie()}`
    for (const route of routesOf(app.express).filter(
      ({ method, path }) => method === 'POST' && path !== '/csp-report',
    )) {
      const answer = await supertest(app.express)
        .post(address(route, app.cast.sam.id))
        .set('Cookie', cookies)
        .type('form')
        .send({ _csrf: token })
      expect([route.path, answer.status]).toEqual([route.path, 403])
    }
    expect((await client.get('/account')).status).toBe(200)
  })

  test('the cookie from before is gone (fault 17)', async () => {
    const client = app.client()
    await client.get('/sign-in')
    expect(client.cookies()).toContain('csrf=')
    await client.signIn(app.cast.sam.email, password)
    expect(client.cookies()).not.toContain('csrf=')
  })

  test('row 243: a valid pair sent from another site signs nobody in (fault 17)', async () => {
    const { value, token } = await pair()
    const answer = await signIn(value, token).set('Sec-Fetch-Site', 'cross-site')
    expect(answer.status).toBe(403)
    expect(setBy(answer)).toEqual([])
  })
})

/** Somebody with a reset link in their mail, and the path of that link. */
async function linkOf(name: string) {
  const who = await app.createUser({ name, role: 'Fieldworker' })
  await new HttpClient(app.express).post('/forgot-password', { email: who.email })
  await app.runJobs()
  const [email] = await app.emailsTo(who)
  return { ...who, link: new URL(email?.link ?? '').pathname }
}
