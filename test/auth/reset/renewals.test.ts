import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const worker = (more: object = {}) =>
  app.createUser({ name: 'Rena Renewal', role: 'Fieldworker', team: 'North', ...more })
const noLimits = () => run(app.db, sql`delete from rate_limits`)
const minutesLater = ({ id }: TestUser, minutes: number) =>
  run(
    app.db,
    sql`update links set created_at = created_at - make_interval(mins => ${minutes}) where user_id = ${id}`,
  )

/** The links of the emails to somebody, oldest first. */
async function linksTo(who: TestUser): Promise<string[]> {
  await app.runJobs()
  return (await app.emailsTo(who)).map(({ link }) => new URL(link ?? '').pathname).reverse()
}

const opens = async (path: string) => {
  const { status, headers } = await app.client().get(path)
  return status === 200 || (status === 303 && !/^\/sign-in/.test(headers.location ?? ''))
}

// Every way in which somebody can ask for a link for somebody again and again.
const dispatcher = () => app.as('dispatcher')
const ways: Record<string, { traits: object; as: (who: TestUser) => Promise<HttpClient>; at: string }> = {
  'a reset link, by the office': { traits: {}, as: dispatcher, at: '/users/ID/password-reset' },
  'a way back for the unverified, by the office': {
    ...{ traits: { verified: false }, as: dispatcher, at: '/users/ID/password-reset' },
  },
  'a verification, by the office': {
    ...{ traits: { verified: false }, as: dispatcher, at: '/users/ID/email-verification' },
  },
  'an invitation, by the office': {
    ...{ traits: { status: 'invited' }, as: () => app.as('admin'), at: '/users/ID/invitation' },
  },
  'a verification, by its owner': {
    ...{ traits: { verified: false }, as: (who) => app.signIn(who), at: '/account/email-verification' },
  },
}

describe.each(Object.entries(ways))('%s', (_way, { traits, as, at }) => {
  async function asking() {
    const who = await worker(traits)
    const client = await as(who)
    const _csrf = await client.token('/confirm-password')
    return { who, ask: () => client.postBare(at.replace('ID', who.id), { _csrf, next: '/account' }) }
  }

  test('requested again within minutes is the same link, which works from either email (fault 12)', async () => {
    const { who, ask } = await asking()
    for (const wait of [0, 2, 2]) {
      await noLimits()
      await minutesLater(who, wait)
      expect((await ask()).status).toBe(303)
      await app.runJobs()
    }
    const links = await linksTo(who)
    expect(links).toHaveLength(3)
    expect(new Set(links).size).toBe(1)
    expect(await opens(links[0] ?? '')).toBe(true)
  })

  test('requested later is another, and the earlier one is invalid (fault 12)', async () => {
    const { who, ask } = await asking()
    await ask()
    await minutesLater(who, 6)
    await noLimits()
    await ask()
    const [first = '', second = ''] = await linksTo(who)
    expect([await opens(first), await opens(second)]).toEqual([false, true])
  })

  test('requested sixty times at once is sent a few times, and the first link works (fault 12)', async () => {
    const { who, ask } = await asking()
    const answers = await Promise.all(Array.from({ length: 60 }, ask))
    const sent = answers.filter(({ status }) => status === 303)
    const refused = answers.filter(({ status }) => status === 429)
    expect(sent.length).toBeLessThanOrEqual(3)
    expect(sent.length + refused.length).toBe(60)
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    const links = await linksTo(who)
    expect(links).toHaveLength(sent.length)
    expect(await opens(links[0] ?? '')).toBe(true)
  })
})

describe('the office', () => {
  async function pressing(who: TestUser, as: HttpClient = undefined as never) {
    const client = as ?? (await dispatcher())
    const _csrf = await client.token('/confirm-password')
    return (to = who) => client.postBare(`/users/${to.id}/password-reset`, { _csrf })
  }

  test('is told that it is the same link, and no event is missing (fault 12)', async () => {
    const who = await worker()
    const client = await dispatcher()
    const press = await pressing(who, client)
    await press()
    await press()
    expect(textOf((await client.get('/fieldworkers')).text)).toContain(
      'The same link was sent to Rena Renewal again It was first sent a few minutes ago.',
    )
    expect(await activityFor(app.db, who, 'password_reset_sent')).toHaveLength(2)
  })

  test('sends one worker six in an hour and twelve in a day, by any number of people (fault 12)', async () => {
    const who = await worker()
    const presses = [await pressing(who), await pressing(who, await app.as('admin'))]
    const statuses = []
    for (let hour = 1; hour <= 3; hour++) {
      await run(app.db, sql`delete from rate_limits where key like 'office-link-hour:%'`)
      for (let i = 0; i < 7; i++) {
        await run(app.db, sql`delete from rate_limits where key like 'office-link:%'`)
        const answer = await presses[i % 2]?.()
        statuses.push(answer?.status)
        if (answer?.status === 429)
          expect(textOf(answer.text)).toContain('has been sent several links already')
      }
    }
    const six = Array.from({ length: 6 }, () => 303)
    expect(statuses).toEqual([...six, 429, ...six, 429, ...Array.from({ length: 7 }, () => 429)])
  })

  test('sends sixty in an hour to any number of people, and what is rejected does not count (fault 12)', async () => {
    const who = await worker()
    const press = await pressing(who)
    await press()
    await run(app.db, sql`update rate_limits set points = 60 where key like 'office-links-hour:%'`)
    const answer = await press(await worker())
    expect([answer.status, textOf(answer.text)]).toEqual([
      429,
      expect.stringContaining('You have sent many links'),
    ])
    await run(app.db, sql`delete from rate_limits where key like 'office-links-hour:%'`)
    expect([(await press()).status, (await press()).status]).toEqual([303, 303])
  })

  test('uses up nothing that the worker can request themselves (fault 12)', async () => {
    const who = await worker({ verified: false })
    const client = await app.signIn(who)
    const office = await dispatcher()
    const _csrf = await office.token('/confirm-password')
    let status = 303
    while (status === 303)
      status = (await office.postBare(`/users/${who.id}/email-verification`, { _csrf })).status
    expect(status).toBe(429)
    expect(
      (await client.post('/account/email-verification', { next: '/account' }, '/confirm-password')).status,
    ).toBe(303)
    const before = (await linksTo(who)).length
    await app.client().post('/forgot-password', { email: who.email })
    expect(await linksTo(who)).toHaveLength(before + 1)
  })

  test('counts nothing for a person who cannot be sent a link (fault 12)', async () => {
    const who = await worker({ status: 'inactive' })
    const press = await pressing(who)
    for (let i = 0; i < 8; i++) expect((await press()).status).toBe(403)
  })

  test('sends a new link if the password has changed since, or the link was used (fault 12)', async () => {
    const who = await worker()
    const press = await pressing(who)
    await press()
    const [first = ''] = await linksTo(who)
    await run(app.db, sql`update users set credential_version = credential_version + 1 where id = ${who.id}`)
    await press()
    const links = await linksTo(who)
    expect([await opens(first), await opens(links[1] ?? '')]).toEqual([false, true])
  })
})
