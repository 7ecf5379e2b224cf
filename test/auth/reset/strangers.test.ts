import { beforeEach, describe, expect, test } from 'vitest'
import { Id, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'

const app = createTestApp()
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const worker = (traits: object) =>
  app.createUser({ name: 'Rena Reached', role: 'Fieldworker', team: 'North', ...traits })
const olderBy = ({ id }: TestUser, minutes: number) =>
  run(
    app.db,
    sql`update links set created_at = created_at - make_interval(mins => ${minutes}) where user_id = ${id}`,
  )

/** What a stranger can do who knows nothing but the address. */
async function strangerAsks(email: string) {
  const { status, headers, text } = await app.client().post('/forgot-password', { email })
  await app.runJobs()
  return { status, to: headers.location, text }
}

/** The links of the emails to somebody, oldest first. */
async function linksTo(who: TestUser): Promise<string[]> {
  await app.runJobs()
  return (await app.emailsTo(who)).map(({ link }) => new URL(link ?? '').pathname).reverse()
}

const opens = async (path: string) => {
  const { status, headers } = await app.client().get(path)
  return status === 200 || (status === 303 && !/^\/sign-in/.test(headers.location ?? ''))
}

async function officePosts(at: string, fields: Record<string, string> = {}) {
  const office = await app.as('admin')
  const _csrf = await office.token('/confirm-password')
  expect((await office.postBare(at, { _csrf, ...fields })).status).toBe(303)
  await app.runJobs()
}

const byOffice: [string, object, (who: TestUser) => Promise<void>][] = [
  ['a reset link', {}, ({ id }) => officePosts(`/users/${id}/password-reset`)],
  [
    'a way back for the unverified',
    { verified: false },
    ({ id }) => officePosts(`/users/${id}/password-reset`),
  ],
  ['a verification', { verified: false }, ({ id }) => officePosts(`/users/${id}/email-verification`)],
  ['an invitation', { status: 'invited' }, ({ id }) => officePosts(`/users/${id}/invitation`)],
]

describe.each(byOffice)('%s that the office has just sent', (_what, traits, send) => {
  test('still opens after a stranger requests a link, and is the one sent again (fault 12)', async () => {
    const who = await worker(traits)
    await send(who)
    await olderBy(who, 4)
    const answer = await strangerAsks(who.email)
    const links = await linksTo(who)
    expect(await opens(links[0] ?? '')).toBe(true)
    expect([links.length, new Set(links).size]).toEqual([2, 1])
    const asked = await activityFor(app.db, who, 'password_reset_requested')
    expect(asked.filter(({ actor_id }) => actor_id === null)).toHaveLength(1)
    expect(answer).toEqual(await strangerAsks('nobody@firm.test'))
  })

  test('is the link that a stranger requested shortly before (fault 12)', async () => {
    const who = await worker(traits)
    await strangerAsks(who.email)
    await send(who)
    const links = await linksTo(who)
    expect([links.length, new Set(links).size, await opens(links[0] ?? '')]).toEqual([2, 1, true])
  })

  test('is replaced by one requested later (fault 12)', async () => {
    const who = await worker(traits)
    await send(who)
    await olderBy(who, 6)
    await strangerAsks(who.email)
    const [first = '', second = ''] = await linksTo(who)
    expect([await opens(first), await opens(second)]).toEqual([false, true])
  })
})

test('the link of a campaign still opens after a stranger requests one (fault 12)', async () => {
  const who = await worker({})
  const { id } = await one(app.db, Id, sql`select id from canned_responses where name = 'Season start'`)
  await officePosts('/campaigns', { cannedResponseId: id, emailsPerSecond: '1000', ids: who.id })
  await strangerAsks(who.email)
  const links = await linksTo(who)
  expect([links.length, new Set(links).size, await opens(links[0] ?? '')]).toEqual([2, 1, true])
})

test('the link of a new account still opens after a stranger requests one (fault 12)', async () => {
  const office = await app.as('admin')
  const typed = { name: 'Nora New', email: 'nora.new@firm.test', phone: '', teamId: '' }
  expect((await office.post('/fieldworkers/new', typed, '/fieldworkers/new')).status).toBe(303)
  await app.runJobs()
  await strangerAsks(typed.email)
  const links = await linksTo({ ...typed, id: '' })
  expect([links.length, new Set(links).size, await opens(links[0] ?? '')]).toEqual([2, 1, true])
})

test('a link that was used is not sent again: the next one is new (fault 12)', async () => {
  const who = await worker({})
  await strangerAsks(who.email)
  await run(app.db, sql`update links set used_at = now() where user_id = ${who.id}`)
  await run(app.db, sql`delete from rate_limits`)
  await strangerAsks(who.email)
  const [first = '', second = ''] = await linksTo(who)
  expect([await opens(first), await opens(second)]).toEqual([false, true])
})
