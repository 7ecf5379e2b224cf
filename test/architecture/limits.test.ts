import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Count, one, run, sql } from '../../src/platform/db.ts'
import { files } from '../support/files.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
const atOnce = 60
const left = 3

interface Answer {
  status: number
}
type Attempt = (place: number) => PromiseLike<Answer>

/** A limit: how many it lets pass in its time, and what is limited by it. `passes` is the answer to one that passes. */
interface Limit {
  most: number
  passes: number
  /** Prepares everything, so that what is left is to attempt it, from the same place each time. */
  prepare: () => Promise<Attempt>
  /** Another limit of the same route lets fewer pass at once. */
  atMost?: number
}

beforeEach(async () => {
  await resetRateLimits(app.db)
  await run(app.db, sql`delete from password_failures`)
  await run(
    app.db,
    sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
  )
})

const somebody = (more = {}) => app.createUser({ name: 'Lena Limit', role: 'Fieldworker', ...more })
/** A form that the same browser sends again and again, in the place of `{place}` a number of its own each time. */
async function sending(client: HttpClient, address: string, fields: Record<string, string>, page = address) {
  const _csrf = await client.token(page)
  return (place: number) => {
    const numbered = Object.entries(fields).map(([name, value]) => [
      name,
      value.replace('{place}', String(place)),
    ])
    return client.postBare(address, { _csrf, ...(Object.fromEntries(numbered) as Record<string, string>) })
  }
}
const fetching = (client: HttpClient, address: string) => Promise.resolve(() => client.get(address))

const signingIn = () =>
  sending(app.client(), '/sign-in', { email: 'stranger{place}@firm.test', password: 'wrong' })
const forgetting = (email: string) => sending(app.client(), '/forgot-password', { email })
/** A crew whose addresses are unverified asks, each once. */
async function verifyingCrew() {
  const crew: [HttpClient, string][] = []
  for (let i = 0; i <= atOnce; i++) {
    const client = await app.signIn(await somebody({ verified: false }))
    crew.push([client, await client.token('/account')])
  }
  return (place: number) => {
    const [client, _csrf] = crew[place] ?? [app.client(), '']
    return client.postBare('/account/email-verification', { _csrf, next: '/account' })
  }
}
/** The office sends one worker a link. */
async function resetting() {
  const admin = await app.as('admin')
  return sending(admin, `/users/${(await somebody()).id}/password-reset`, {}, '/fieldworkers')
}
async function verifying() {
  const client = await app.signIn(await somebody({ verified: false }))
  return sending(client, '/account/email-verification', { next: '/account' }, '/account')
}
/** An office person sends codes to callers, each to another one. */
async function callingEveryone() {
  const admin = await app.as('admin')
  const people: TestUser[] = []
  for (let i = 0; i <= atOnce; i++) people.push(await somebody())
  const _csrf = await admin.token('/account/password')
  return (place: number) => admin.postBare(`/users/${people[place]?.id}/caller-check`, { _csrf })
}
async function callingOne() {
  const admin = await app.as('admin')
  return sending(admin, `/users/${(await somebody()).id}/caller-check`, {}, '/account/password')
}
/** Wrong answers for many callers, each with a code. */
async function answeringWrong() {
  const admin = await app.as('admin')
  const people: TestUser[] = []
  for (let i = 0; i <= atOnce; i++) people.push(await somebody())
  await run(
    app.db,
    sql`insert into caller_checks (user_id, office_id, email, nonce)
        select id, ${app.cast.admin.id}, email, sha256('nonce') from users where id = any(${people.map(({ id }) => id)}::uuid[])`,
  )
  const _csrf = await admin.token('/account/password')
  return (place: number) =>
    admin.postBare(`/users/${people[place]?.id}/caller-check/code`, { _csrf, code: '000000' })
}
/** An office resends the invitations of many people, each once. */
async function inviting() {
  const admin = await app.as('admin')
  const invited: TestUser[] = []
  for (let i = 0; i <= atOnce; i++) invited.push(await somebody({ status: 'invited' }))
  const _csrf = await admin.token('/fieldworkers')
  return (place: number) => admin.postBare(`/users/${invited[place]?.id}/invitation`, { _csrf })
}
async function linkTo(who: TestUser) {
  await app.client().post('/forgot-password', { email: who.email })
  return app.newestLink(who)
}
async function choosing() {
  const client = app.client()
  await client.get(await linkTo(await somebody()))
  return sending(client, '/reset-password', { newPassword: 'short', confirmPassword: 'short' })
}
async function startingCampaigns() {
  const admin = await app.as('admin')
  const row = z.object({ id: z.string() })
  const { id: cannedResponseId } = await one(
    app.db,
    row,
    sql`select id from canned_responses where name = 'Season start'`,
  )
  const { id } = await somebody()
  const fields = { cannedResponseId, ids: id, emailsPerSecond: '1000' }
  return { admin, start: await sending(admin, '/campaigns', fields, '/campaigns/new?all=1') }
}
async function campaign() {
  const { admin, start } = await startingCampaigns()
  const { headers } = (await start(0)) as unknown as { headers: { location: string } }
  await app.runJobs()
  return { admin, address: headers.location }
}

/** Every limit that is counted in windows, by the name it has in the code. */
const windows: Record<string, Limit> = {
  'sign-in': { most: 1000, passes: 422, prepare: signingIn },
  'sign-in-accounts': { most: 300, passes: 422, prepare: signingIn },
  'forgot-network': { most: 300, passes: 303, prepare: () => forgetting('stranger{place}@firm.test') },
  'forgot-network-day': { most: 1500, passes: 303, prepare: () => forgetting('stranger{place}@firm.test') },
  'reset-choice': { most: 20, passes: 422, prepare: choosing },
  'link-guess': {
    most: 20,
    passes: 410,
    prepare: () => fetching(app.client(), `/reset-password/${'x'.repeat(43)}`),
  },
  'mail-link-hour': { most: 5, passes: 303, prepare: verifying, atMost: 1 },
  'mail-link-network': { most: 300, passes: 303, prepare: verifyingCrew },
  'office-link': { most: 3, passes: 303, prepare: resetting },
  'office-link-hour': { most: 6, passes: 303, prepare: resetting },
  'office-link-day': { most: 12, passes: 303, prepare: resetting },
  'office-links-hour': { most: 60, passes: 303, prepare: inviting },
  'office-links-day': { most: 300, passes: 303, prepare: inviting },
  'caller-code-worker': { most: 5, passes: 303, prepare: callingOne },
  'caller-code-office': { most: 20, passes: 303, prepare: callingEveryone },
  'caller-code-network': { most: 100, passes: 303, prepare: callingEveryone },
  'caller-wrong-office': { most: 30, passes: 422, prepare: answeringWrong },
  'caller-wrong-network': { most: 100, passes: 422, prepare: answeringWrong },
  export: {
    most: 10,
    passes: 200,
    prepare: async () => fetching(await app.as('auditor'), '/activity-log.csv?q=Lena'),
  },
  'people-export': {
    most: 30,
    passes: 200,
    prepare: async () => fetching(await app.as('admin'), '/fieldworkers.csv'),
  },
  'test-email': {
    most: 5,
    passes: 303,
    prepare: async () =>
      sending(await app.as('admin'), '/settings/company/test-email', {}, '/settings/company/profile'),
  },
  'campaign-export': {
    ...{ most: 10, passes: 200 },
    prepare: async () => {
      const { admin, address } = await campaign()
      return fetching(admin, `${address}.csv`)
    },
  },
}

const pointsOf = async (name: string) =>
  (
    await one(
      app.db,
      Count,
      sql`select coalesce(sum(points), 0) as count from rate_limits where key like ${`${name}:%`}`,
    )
  ).count

/** All but the last few are taken already, by anyone, and no other limit stands in the way. */
async function taken(name: string, points: number) {
  await run(app.db, sql`delete from rate_limits where key not like ${`${name}:%`}`)
  await run(app.db, sql`update rate_limits set points = ${points}`)
}
const together = (attempt: Attempt) =>
  Promise.all(Array.from({ length: atOnce }, async (_, place) => attempt(place + 1)))

describe('of sixty at once no more pass than are left', () => {
  test.each(Object.entries(windows))(
    '%s (fault 11)',
    async (name, { most, passes, prepare, atMost = left }) => {
      const attempt = await prepare()
      await resetRateLimits(app.db)
      expect((await attempt(0)).status).toBe(passes)
      await taken(name, most - left)
      const statuses = (await together(attempt)).map(({ status }) => status)
      const passed = statuses.filter((status) => status === passes).length
      expect(statuses.filter((status) => status !== passes)).toEqual(Array(atOnce - passed).fill(429))
      // Of exports one runs at a time, so some of those that are left may be told to come back.
      expect(passed).toBeGreaterThan(0)
      expect(passed).toBeLessThanOrEqual(atMost)
      if (!name.includes('export')) expect(passed).toBe(atMost)
      expect(await pointsOf(name)).toBe(most - left + passed)
    },
  )

  test.each([
    ['forgot-gap', 1],
    ['forgot-hour', 3],
    ['forgot-day', 6],
  ])('%s (fault 11)', async (name, most) => {
    const who = await somebody()
    const attempt = await forgetting(who.email)
    await attempt(0)
    await app.runJobs()
    await taken(name, most - 1)
    const statuses = (await together(attempt)).map(({ status }) => status)
    await app.runJobs()
    expect(statuses).toEqual(Array(atOnce).fill(303)) // nobody is told
    expect(await app.emailsTo(who)).toHaveLength(2)
  })

  test('mail-link-gap (fault 11)', async () => {
    const statuses = (await together(await verifying())).map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array<number>(atOnce - 1).fill(429)])
  })

  test('office-link, of an office that sends a verification (fault 11)', async () => {
    const admin = await app.as('admin')
    const { id } = await somebody({ verified: false })
    const attempt = await sending(admin, `/users/${id}/email-verification`, {}, '/fieldworkers')
    const statuses = (await together(attempt)).map(({ status }) => status).sort()
    expect(statuses).toEqual([303, 303, 303, ...Array<number>(atOnce - 3).fill(429)])
  })

  test('the attempts at an account, which its network counts as one (fault 11)', async () => {
    const { email } = await somebody()
    const attempt = await sending(app.client(), '/sign-in', { email, password: 'wrong' })
    const statuses = (await together(attempt)).map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array<number>(5).fill(422), ...Array<number>(atOnce - 5).fill(429)])
    const names = ['sign-in', 'sign-in-accounts', 'sign-in-account']
    expect(await Promise.all(names.map(pointsOf))).toEqual([5, 1, 1])
  })

  test('the attempts to enter the password once more (fault 11)', async () => {
    const who = await somebody()
    const client = await app.signIn(who)
    await together(await sending(client, '/confirm-password', { password: 'wrong', next: '/account' }))
    const failed = sql`select count(*) from activity_log where subject_id = ${who.id} and event = 'sign_in_failed'`
    expect((await one(app.db, Count, failed)).count).toBe(5)
  })

  test('caller-wrong-worker: of the last two of a day, two wrong codes are checked (fault 11)', async () => {
    const admin = await app.as('admin')
    const who = await somebody()
    await admin.post(`/users/${who.id}/caller-check`, {}, '/account/password')
    await run(
      app.db,
      sql`insert into rate_limits (key, points, expire) values
            (${`caller-wrong-worker:${who.id}`}, 8, extract(epoch from now() + interval '1 hour') * 1000)`,
    )
    const attempt = await sending(
      admin,
      `/users/${who.id}/caller-check/code`,
      { code: '000000' },
      '/account/password',
    )
    const statuses = (await together(attempt)).map(({ status }) => status).sort()
    expect(statuses).toEqual([422, 422, ...Array<number>(atOnce - 2).fill(429)])
    expect(await pointsOf('caller-wrong-worker')).toBe(10)
  })

  test('campaigns: one at a time, and five in a day (fault 11)', async () => {
    const { start } = await startingCampaigns()
    const statuses = (await together(start)).map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array<number>(atOnce - 1).fill(409)])
  })

  test('reminders: one in an hour (fault 11)', async () => {
    const { admin, address } = await campaign()
    const attempt = await sending(admin, `${address}/remind`, {}, address)
    const statuses = (await together(attempt)).map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array<number>(atOnce - 1).fill(429)])
  })
})

describe('what is limited', () => {
  const source = files('src', /\.ts$/)

  test('is all tried above, each limit by its name (fault 11)', () => {
    const found = [...source.values()].flatMap((text) =>
      [...text.matchAll(/\brateLimit\(\s*[\w.]+,\s*'([\w-]+)'/g)].map(([, name = '']) => name),
    )
    const calls = [...source].flatMap(([file, text]) =>
      file.endsWith('/rate-limit.ts') ? [] : [...text.matchAll(/\brateLimit\(/g)],
    )
    expect(found).toHaveLength(calls.length)
    const others = [
      'forgot-gap',
      'forgot-hour',
      'forgot-day',
      'mail-link-gap',
      'sign-in-account',
      'caller-wrong-worker',
    ]
    expect([...new Set(found)].sort()).toEqual([...Object.keys(windows), ...others].sort())
  })

  test('is all tried above, by the file that says no (fault 11)', () => {
    const saying = [...source]
      .filter(([, text]) => text.includes('new TooManyRequests('))
      .map(([file]) => file)
    expect(saying.sort()).toEqual([
      'src/auth/invitations/routes.ts',
      'src/auth/passwords/caller-check/limits.ts',
      'src/auth/passwords/reauthenticate.ts',
      'src/auth/reset/invalid-link-page.ts',
      'src/auth/reset/limits.ts',
      'src/auth/reset/request-reset.ts',
      'src/auth/reset/routes.ts',
      'src/auth/verification/request-email-change.ts',
      'src/auth/verification/routes.ts',
      'src/campaigns/controls.ts',
      'src/campaigns/starting/start-campaign.ts',
      'src/platform/copy-to-csv.ts',
      'src/platform/rate-limit.ts',
      'src/platform/web/upload.ts', // tried with sixty at once in test/people/imports/limits.test.ts
      'src/settings/send-test-email.ts',
    ])
  })
})

test('an export that another keeps from beginning does not count (fault 11)', async () => {
  const auditor = await app.as('auditor')
  const holder = await app.db.pool.connect()
  const { id } = app.cast.auditor
  const mutex = `export of the activity log by ${id}`
  await holder.query('select pg_advisory_lock(hashtext($1))', [mutex])
  expect((await auditor.get('/activity-log.csv')).status).toBe(429)
  await holder.query('select pg_advisory_unlock(hashtext($1))', [mutex])
  holder.release()
  expect(await pointsOf('export')).toBe(0)
  expect((await auditor.get('/activity-log.csv')).status).toBe(200)
  expect(await pointsOf('export')).toBe(1)
})

test('signing in right costs its network nothing, however many do at once (fault 11)', async () => {
  const { email } = await somebody()
  const attempt = await sending(app.client(), '/sign-in', { email, password })
  const answers = await Promise.all(Array.from({ length: 4 }, async (_, place) => attempt(place)))
  expect(answers.map(({ status }) => status)).toEqual(Array(4).fill(303))
  expect(await Promise.all(['sign-in', 'sign-in-accounts', 'sign-in-account'].map(pointsOf))).toEqual([
    0, 0, 0,
  ])
})
