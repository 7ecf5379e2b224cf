import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { run, sql } from '../../src/platform/db.ts'
import { address, routesOf } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import type { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const isIn = async (client: HttpClient) => (await client.get('/account')).status === 200

test('row 72, ASVS 7.2.3: session ids are 192 random bits: 300 of them differ in every place', async () => {
  const ids: string[] = []
  const link = await resetLink()
  for (let i = 0; i < 300; i++) {
    const client = app.client()
    await client.get(link)
    ids.push(/^sid=s%3A([\w-]{32})\./.exec(client.sessionCookie())?.[1] ?? '')
  }
  expect(new Set(ids).size).toBe(300)
  for (let place = 0; place < 32; place++)
    expect(new Set(ids.map((id) => id[place])).size).toBeGreaterThan(48) // of 64, about 63 are to be expected
})

/** The path of a link in an email, which gives each browser that opens it a session. */
async function resetLink(): Promise<string> {
  const who = await app.createUser({ name: 'Rita Random', role: 'Fieldworker' })
  await app.client().post('/forgot-password', { email: who.email })
  await app.runJobs()
  const [mail] = await app.emailsTo(who)
  return new URL(mail?.link ?? '').pathname
}

test('row 76, ASVS 7.4.1: a device that signed out is no longer listed', async () => {
  const who = await app.createUser({ name: 'Olaf Out', role: 'Fieldworker' })
  const [here, gone] = [await app.signIn(who), await app.signIn(who, true)]
  const others = async () =>
    [...(await here.get('/account/sessions')).text.matchAll(/\/account\/sessions\/[\w-]{36}\/end/g)].length
  expect(await others()).toBe(1)
  await gone.post('/sign-out', {}, '/account')
  expect(await others()).toBe(0)
})

// Pages for those who are not signed in, and mail to look at while there is no mail server.
const withoutFrame = /^\/(forgot-password|dev\/outbox|healthz|readyz)/

test('row 79, ASVS 7.4.4: every page of a signed-in person has a form that signs out', async () => {
  const [owner, sam] = [await app.as('owner'), await app.as('sam')]
  const phone = await app.client(iphone).signIn(app.cast.otto.email, password)
  const novice = await app.createUser({ name: 'Nora Novice', role: 'Fieldworker' })
  const newcomer = await app.signIn(novice)
  await run(
    app.db,
    sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${novice.id}`,
  )
  let pages = 0
  for (const route of routesOf(app.express).filter(
    ({ method, path }) => method === 'GET' && !withoutFrame.test(path),
  ))
    for (const client of [owner, sam, phone, newcomer]) {
      const { text, type } = await client.get(address(route, app.cast.sam.id))
      if (type !== 'text/html' || text === '' || text.includes('class="gate"')) continue
      const desk = /<form id="act" method="post"[^>]*><input type="hidden" name="_csrf" value="[^"]+">/
      const small = /<form method="post" action="\/sign-out"><input type="hidden" name="_csrf" value="[^"]+">/
      const leaves = text.includes('<button form="act" formaction="/sign-out">') && desk.test(text)
      expect([route.path, leaves || small.test(text)]).toEqual([route.path, true])
      pages++
    }
  expect(pages).toBeGreaterThan(80)
})

test('row 80, ASVS 7.4.5: a person without access to an account cannot end its sessions', async () => {
  const dispatcher = await app.as('dispatcher')
  for (const who of ['otto', 'owner'] as const) {
    const theirs = await app.as(who)
    const route = `/users/${app.cast[who].id}/sessions/end`
    expect((await dispatcher.post(route, {}, '/fieldworkers')).status).toBe(403)
    expect(await isIn(theirs)).toBe(true)
  }
})

test('row 81, ASVS 7.5.2: devices are listed by ids that grant nothing', async () => {
  const sam = await app.as('sam')
  await app.as('sam')
  const { text } = await sam.get('/account/sessions')
  const handles = [...text.matchAll(/\/account\/sessions\/([\w-]{36})\/end/g)].map(
    ([, handle = '']) => handle,
  )
  expect(handles.length).toBeGreaterThan(0)
  expect(text).not.toContain(carried(sam.sessionCookie()))
  for (const handle of handles)
    for (const cookie of [`sid=${handle}`, `sid=s%3A${handle}`])
      expect((await app.client().get('/account').set('Cookie', cookie)).status).toBe(303)
})

/** The id that a session cookie carries, without its signature. */
const carried = (cookie: string) => /=s%3A([\w-]{32})/.exec(cookie)?.[1] ?? 'no session'

describe('the cookies of https', () => {
  const settings = { BASE_URL: 'https://keys.acme.test' }
  const asked = () => supertest(createApp({ db: app.db, config: app.configWith(settings) }))
  const setBy = (answer: { headers: Record<string, unknown> }) =>
    (answer.headers['set-cookie'] as string[] | undefined) ?? []
  const pairs = (cookies: string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ')
  const token = (text: string) => /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''

  test('rows 89–92, ASVS 3.3.1–3.3.4: all are bound to the host and to https, hidden from scripts, Lax and opaque', async () => {
    const page = await asked().get('/sign-in')
    const { email } = app.cast.sam
    const form = { _csrf: token(page.text), email, password, remember: '1' }
    const signIn = await asked()
      .post('/sign-in')
      .set('Cookie', pairs(setBy(page)))
      .type('form')
      .send(form)
    expect(signIn.status).toBe(303)
    const own = pairs(setBy(signIn))
    const account = await asked().get('/account').set('Cookie', own)
    expect(account.status).toBe(200)
    const out = await asked()
      .post('/sign-out')
      .set('Cookie', own)
      .type('form')
      .send({ _csrf: token(account.text) })
    expect(out.status).toBe(303)

    const all = [page, signIn, account, out].flatMap(setBy)
    expect(new Set(all.map((cookie) => cookie.split('=')[0]))).toEqual(
      new Set(['__Host-sid', '__Host-dev', '__Host-csrf']),
    )
    for (const cookie of all) {
      const parts = cookie.split('; ').slice(1)
      expect(parts).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']))
      expect(cookie).not.toMatch(/domain=/i)
      expect(cookie).toMatch(
        /^__Host-(sid=(s%3A[\w-]{32}\.[\w%+/-]+)?|dev=[\w-]{43}|csrf=(s%3A[\w-]{24}\.[\w%]+)?);/,
      )
    }
    for (const { text } of [page, account])
      for (const cookie of all)
        if (carried(cookie) !== 'no session') expect(text).not.toContain(carried(cookie))
  })
})

test('row 85: each remembered device has a session of its own, which ends alone', async () => {
  const who = await app.createUser({ name: 'Rita Remember', role: 'Fieldworker' })
  const [one, two] = [await app.signIn(who, true), await app.signIn(who, true)]
  expect(carried(one.sessionCookie())).not.toBe(carried(two.sessionCookie()))
  await one.post('/sign-out', {}, '/account')
  expect([await isIn(one), await isIn(two)]).toEqual([false, true])
})
