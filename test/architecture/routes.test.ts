import express, { Router } from 'express'
import { beforeAll, expect, test } from 'vitest'
import { address, routesOf, type Route } from '../support/routes.ts'
import { everything } from '../support/everything.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const named = ({ method, path }: Route) => `${method} ${path}`

// Open to everyone. Whatever is not written here is shut to those who have not signed in.
const open = [
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'POST /csp-report',
  'GET /sign-in',
  'POST /sign-in',
  'POST /sign-out',
  'GET /forgot-password',
  'POST /forgot-password',
  'GET /forgot-password/sent',
  'GET /reset-password',
  'POST /reset-password',
  'GET /reset-password/:token',
  'GET /invitation',
  'POST /invitation',
  'GET /invitation/:token',
  'GET /verify-email/:token',
  'POST /verify-email',
  'GET /.well-known/change-password',
  'GET /dev/outbox',
  'GET /dev/outbox.json',
  'GET /dev/outbox/:id',
  'GET /dev/outbox/:id/html',
]
// Browsers send these reports by themselves, without a token; they change nothing.
const withoutToken = ['POST /csp-report']

let all: Route[]
beforeAll(() => {
  all = routesOf(app.express)
})
const posts = () => all.filter((route) => route.method === 'POST' && !withoutToken.includes(named(route)))

test('the list of routes is read rightly: it holds what it must, and every public route exists', () => {
  const names = all.map(named)
  expect(names).toEqual(expect.arrayContaining([...open, 'POST /users/:id/password', 'GET /activity-log']))
  expect(names.length).toBeGreaterThanOrEqual(20)
  expect(new Set(names).size).toBe(names.length)
  expect(all.filter(({ method }) => method !== 'GET' && method !== 'POST')).toEqual([])
})

test('a route is seen however deep it lies, and one that could not be named is not passed over', () => {
  const deep = Router().use(Router().get('/deep', () => {}))
  expect(routesOf(express().use(deep))).toEqual([{ method: 'GET', path: '/deep' }])
  expect(() => routesOf(express().use('/below', deep))).toThrow('mounted under a path')
})

test('every route is shut to strangers unless it is listed as public', async () => {
  const stranger = app.client()
  const _csrf = await stranger.token('/sign-in')
  for (const route of all.filter((one) => !open.includes(named(one)))) {
    const to = address(route, app.cast.sam.id)
    const answer = await (route.method === 'GET' ? stranger.get(to) : stranger.postBare(to, { _csrf }))
    expect([named(route), answer.status]).toEqual([named(route), 303])
    expect(answer.headers.location).toMatch(/^\/sign-in(\?next=|$)/)
  }
})

test('an address that nobody knows tells a stranger nothing', async () => {
  const answer = await app.client().get('/users')
  expect(answer.status).toBe(303)
})

test('every POST refuses a missing, an empty and a foreign token, with a page that says so', async () => {
  const foreign = await (await app.as('owner')).token('/account/password')
  const stranger = app.client()
  for (const client of [stranger, await app.as('admin')]) {
    await client.get('/sign-in')
    for (const route of posts())
      for (const fields of [undefined, { _csrf: '' }, { _csrf: foreign }]) {
        const answer = await client.postBare(address(route, app.cast.sam.id), fields)
        if (client === stranger && route.path === '/sign-out') {
          expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in']) // they are signed out
          continue
        }
        expect([named(route), answer.status]).toEqual([named(route), 403])
        expect(answer.text).toMatch(/This page was open (for )?too long/)
      }
  }
})

test('a token in the address is no token', async () => {
  const admin = await app.as('admin')
  const token = await admin.token('/account/password')
  for (const route of posts()) {
    const to = `${address(route, app.cast.sam.id)}?_csrf=${encodeURIComponent(token)}`
    expect([named(route), (await admin.postBare(to)).status]).toEqual([named(route), 403])
  }
})

// An export is recorded, though a browser asks for it as for a page.
const recorded = [
  'GET /activity-log.csv',
  'GET /activity-log/evidence.zip',
  'GET /fieldworkers.csv',
  'GET /settings/company/users.csv',
  'GET /campaigns/:id.csv',
]

test('looking changes nothing: after every GET, by anyone, the database holds what it held', async () => {
  const clients = [app.client(), await app.as('owner'), await app.as('auditor'), await app.as('sam')]
  const before = await digests()
  for (const route of all.filter((one) => one.method === 'GET' && !recorded.includes(named(one))))
    for (const client of clients) await client.get(address(route, app.cast.otto.id))
  expect(await digests()).toEqual(before)
  await app.as('admin')
  expect(await digests()).not.toEqual(before)
})

/** All but the counts of guesses. */
async function digests() {
  const all = await everything(app.db, ['public.rate_limits'])
  expect(Object.keys(all)).toEqual(
    expect.arrayContaining(['public.users', 'public.activity_log', 'public.emails']),
  )
  return all
}
