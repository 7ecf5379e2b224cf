import express, { Router } from 'express'
import { beforeAll, expect, test } from 'vitest'
import { address, doors, type Door } from '../support/doors.ts'
import { everything } from '../support/everything.ts'
import { testHouse } from '../support/house.ts'

const house = testHouse()
const named = ({ method, path }: Door) => `${method} ${path}`

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

let all: Door[]
beforeAll(() => {
  all = doors(house.app)
})
const posts = () => all.filter((door) => door.method === 'POST' && !withoutToken.includes(named(door)))

test('the list of doors is read rightly: it holds what it must, and every open door exists', () => {
  const names = all.map(named)
  expect(names).toEqual(expect.arrayContaining([...open, 'POST /users/:id/password', 'GET /activity-log']))
  expect(names.length).toBeGreaterThanOrEqual(20)
  expect(new Set(names).size).toBe(names.length)
  expect(all.filter(({ method }) => method !== 'GET' && method !== 'POST')).toEqual([])
})

test('a door is seen however deep it lies, and one that could not be named is not passed over', () => {
  const deep = Router().use(Router().get('/deep', () => {}))
  expect(doors(express().use(deep))).toEqual([{ method: 'GET', path: '/deep' }])
  expect(() => doors(express().use('/below', deep))).toThrow('mounted under a path')
})

test('every door is shut to strangers unless it is listed as open', async () => {
  const stranger = house.visitor()
  const _csrf = await stranger.token('/sign-in')
  for (const door of all.filter((one) => !open.includes(named(one)))) {
    const to = address(door, house.cast.sam.id)
    const answer = await (door.method === 'GET' ? stranger.get(to) : stranger.postBare(to, { _csrf }))
    expect([named(door), answer.status]).toEqual([named(door), 303])
    expect(answer.headers.location).toMatch(/^\/sign-in(\?next=|$)/)
  }
})

test('an address that nobody knows tells a stranger nothing', async () => {
  const answer = await house.visitor().get('/users')
  expect(answer.status).toBe(303)
})

test('every POST refuses a missing, an empty and a foreign token, with a page that says so', async () => {
  const foreign = await (await house.as('owner')).token('/account/password')
  const stranger = house.visitor()
  for (const visitor of [stranger, await house.as('admin')]) {
    await visitor.get('/sign-in')
    for (const door of posts())
      for (const fields of [undefined, { _csrf: '' }, { _csrf: foreign }]) {
        const answer = await visitor.postBare(address(door, house.cast.sam.id), fields)
        if (visitor === stranger && door.path === '/sign-out') {
          expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in']) // they are signed out
          continue
        }
        expect([named(door), answer.status]).toEqual([named(door), 403])
        expect(answer.text).toMatch(/This page (was open for too long|had been open too long)/)
      }
  }
})

test('a token in the address is no token', async () => {
  const admin = await house.as('admin')
  const token = await admin.token('/account/password')
  for (const door of posts()) {
    const to = `${address(door, house.cast.sam.id)}?_csrf=${encodeURIComponent(token)}`
    expect([named(door), (await admin.postBare(to)).status]).toEqual([named(door), 403])
  }
})

// An export is recorded, though a browser asks for it as for a page.
const recorded = ['GET /activity-log.csv', 'GET /activity-log/evidence.zip']

test('looking changes nothing: after every GET, by anyone, the database holds what it held', async () => {
  const visitors = [
    house.visitor(),
    await house.as('owner'),
    await house.as('auditor'),
    await house.as('sam'),
  ]
  const before = await digests()
  for (const door of all.filter((one) => one.method === 'GET' && !recorded.includes(named(one))))
    for (const visitor of visitors) await visitor.get(address(door, house.cast.otto.id))
  expect(await digests()).toEqual(before)
  await house.as('admin')
  expect(await digests()).not.toEqual(before)
})

/** All but the counts of guesses. */
async function digests() {
  const all = await everything(house.db, ['public.rate_limits'])
  expect(Object.keys(all)).toEqual(
    expect.arrayContaining(['public.users', 'public.activity_log', 'public.letters']),
  )
  return all
}
