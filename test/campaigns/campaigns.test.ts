import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { rowsOf } from '../support/csv.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const fast = { emailsPerSecond: '1000' }

let admin: HttpClient
let cannedResponseId: string
beforeAll(async () => {
  admin = await app.as('admin')
  const row = z.object({ id: z.string() })
  cannedResponseId = (
    await one(app.db, row, sql`select id from canned_responses where name = 'Season start'`)
  ).id
})
// Each test starts without a running campaign and with none of today.
beforeEach(async () => {
  await run(
    app.db,
    sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
  )
  await run(app.db, sql`update campaign_people set due_at = null`)
  await run(app.db, sql`delete from rate_limits`)
})

let crews = 0
/** Creates this many fieldworkers in a new team. */
async function crew(size: number) {
  const team = `Crew ${++crews}`
  const people: TestUser[] = []
  for (let i = 0; i < size; i++)
    people.push(await app.createUser({ name: `Ada ${team} ${i}`, role: 'Fieldworker', team }))
  const row = z.object({ id: z.string() })
  return { people, team: (await one(app.db, row, sql`select id from teams where name = ${team}`)).id }
}
const start = (fields: Record<string, string | string[]>, who = admin, page = '/campaigns/new?all=1') =>
  who.post('/campaigns', { cannedResponseId, ...fast, ...fields }, page)
async function started(people: TestUser[], who = admin): Promise<string> {
  const answer = await start({ ids: people.map(({ id }) => id) }, who)
  expect([answer.status, answer.text.length < 9 || textOf(answer.text)]).toEqual([303, true])
  return String(answer.headers.location)
}
const state = async (address: string) =>
  Object.fromEntries(
    (
      await many(
        app.db,
        z.object({ name: z.string(), state: z.string(), skip_reason: z.string().nullable() }),
        sql`select u.name, p.state, p.skip_reason from campaign_people p join users u on u.id = p.user_id
            where campaign_id = ${address.split('/').at(-1)} order by u.name`,
      )
    ).map(({ name, state: is, skip_reason }) => [name, skip_reason ?? is]),
  )
const status = async (address: string) =>
  one(
    app.db,
    z.object({ status: z.string(), pause_reason: z.looseObject({}).nullable() }),
    sql`select status, pause_reason from campaigns where id = ${address.split('/').at(-1)}`,
  )
const emailTo = async (who: TestUser) => (await app.emailsTo(who))[0]
const linkTo = async (who: TestUser) => new URL((await emailTo(who))?.link ?? 'http://no.link').pathname
const choose = async (client: HttpClient, newPassword: string) =>
  client.post('/reset-password', { newPassword, confirmPassword: newPassword })

describe('before sending, the page shows', () => {
  test('who gets it, who is left out and why', async () => {
    const { team } = await crew(2)
    const name = `Crew ${crews}`
    for (const status of ['blocked', 'inactive', 'invited'])
      await app.createUser({ name: `Shut ${status}`, role: 'Fieldworker', team: name, status })
    const bounced = await app.createUser({ name: 'Bo Bounced', role: 'Fieldworker', team: name })
    for (const status of ['sent', 'failed', 'failed'])
      await run(
        app.db,
        sql`insert into emails (template, to_name, to_address, data, status, created_at)
            values ('canned_response', '', ${bounced.email}, ${{ name: 'Bo', subject: 'Hi', body: 'Hi', expiresIn: '' }}, ${status}, clock_timestamp())`,
      )
    const [one, other] = [
      await app.createUser({ name: 'Paul', role: 'Fieldworker', team: name }),
      await app.createUser({ name: 'Paula', role: 'Fieldworker', team: name }),
    ]
    await run(app.db, sql`update users set email = 'office+paul@firm.test' where id = ${one.id}`)
    await run(app.db, sql`update users set email = 'office+paula@firm.test' where id = ${other.id}`)
    await app
      .createUser({ name: 'Nell', role: 'Fieldworker', team: name })
      .then(({ id }) => run(app.db, sql`update users set email = 'nell@nowhere.invalid' where id = ${id}`))

    const { text } = await admin.get(`/campaigns/new?all=1&team=${team}`).expect(200)
    const page = textOf(text)
    expect(page).toContain('To the 9 people of your filter')
    expect(page).toContain('2 get it, 7 won’t get it')
    for (const [reason, people] of [
      ['Blocked people can’t sign in.', 'Shut blocked 1'],
      ['Inactive people can’t sign in. Activate them first', 'Shut inactive 1'],
      ['Invited people have no password yet.', 'Shut invited 1'],
      ['No email address that can receive mail.', 'Nell 1'],
      ['Several people share one mailbox.', 'Paul, Paula 2'],
      ['The last two emails to them failed.', 'Bo Bounced 1'],
    ])
      expect(page).toContain(`${reason} See who ${people}`)
    expect(page).toContain('Send to 2 people')
  })

  test('a preview for one recipient, and for the next', async () => {
    const { people } = await crew(2)
    const { text } = await admin.get(`/campaigns/new?ids=${people.map(({ id }) => id).join(',')}`)
    expect(textOf(text)).toContain(`As ${people[0]?.name} sees it`)
    expect(text).toContain('Hello <span class="filled">Ada</span>')
    expect(text).toContain('/reset-password/…')
    const next = /href="([^"]+)" aria-label="Next person"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(textOf((await admin.get(next)).text)).toContain(`As ${people[1]?.name} sees it`)
  })

  test('that people must be selected first', async () => {
    expect(textOf((await admin.get('/campaigns/new').expect(200)).text)).toContain('Who is to get it?')
    const answer = await start({})
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('No one is selected')])
  })
})

describe('a campaign', () => {
  test('sends each person their own reset link, and counts what they do', async () => {
    const { people } = await crew(3)
    const [opener, chooser, idler] = people as [TestUser, TestUser, TestUser]
    const address = await started(people)
    await app.runJobs()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['sent']))
    const email = await emailTo(opener)
    expect(email?.subject).toBe('Ready for the season: choose a new password')
    expect(textOf(email?.text ?? '')).toContain('Please choose a new password for Acme Field before')
    expect(email?.text).toContain(email?.link ?? 'a link')
    expect(new Set(await Promise.all(people.map(linkTo))).size).toBe(3)

    const client = app.client()
    await client.head(await linkTo(idler))
    await client.get(await linkTo(opener)).expect(303)
    await client.get(await linkTo(chooser))
    expect((await choose(client, 'copper lantern meadow 1')).status).toBe(303)
    expect(await state(address)).toEqual({
      [opener.name]: 'opened',
      [chooser.name]: 'changed',
      [idler.name]: 'sent',
    })
    const page = textOf((await admin.get(address)).text)
    expect(page).toContain('33% have changed their password')
    expect(page).toContain('Remind 2 still open')
    expect(page).toContain('Finished “Ready for the season: choose a new password” to 3 people')
    expect(textOf((await admin.get(`${address}?state=changed`)).text)).not.toContain(idler.name)
    expect(await activityFor(app.db, idler, 'password_reset_sent')).toMatchObject([
      { actor_id: app.cast.admin.id, details: { campaign: 'Season start' } },
    ])
  })

  test('counts every change a person makes, but not one by an admin, and then sends them nothing', async () => {
    const { people } = await crew(3)
    const [own, office, other] = people as [TestUser, TestUser, TestUser]
    const address = await started(people)
    const currentPassword = 'amber kettle orchard 93'
    const fields = { newPassword: 'copper lantern meadow 2', confirmPassword: 'copper lantern meadow 2' }
    await (await app.signIn(own)).post('/account/password', { currentPassword, ...fields })
    await admin.post(`/users/${office.id}/password`, fields)
    await app.runJobs()
    expect(await state(address)).toEqual({
      [own.name]: 'changed',
      [office.name]: 'sent',
      [other.name]: 'sent',
    })
    expect((await app.emailsTo(own)).map(({ template }) => template)).toEqual(['password_changed'])
  })

  test('skips people who are blocked or out of scope by the time their email is sent', async () => {
    const { people } = await crew(3)
    const [gone, promoted, stays] = people as [TestUser, TestUser, TestUser]
    const address = await started(people)
    await run(app.db, sql`update users set status = 'blocked' where id = ${gone.id}`)
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Owner') where id = ${promoted.id}`,
    )
    await app.runJobs()
    expect(await state(address)).toEqual({
      [gone.name]: 'blocked',
      [promoted.name]: 'out_of_reach',
      [stays.name]: 'sent',
    })
    expect(await app.emailsTo(gone)).toEqual([])
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Fieldworker') where id = ${promoted.id}`,
    )
  })

  test('asks to verify an unverified address first, then to choose a password', async () => {
    const unverified = await app.createUser({ name: 'Una Verified', role: 'Fieldworker', verified: false })
    const address = await started([unverified])
    await app.runJobs()
    expect((await emailTo(unverified))?.text).toContain('for 24 hours')
    const path = await linkTo(unverified)
    const client = app.client()
    await client.get(path).expect(200)
    expect(await state(address)).toEqual({ 'Una Verified': 'opened' })
    await client.post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect((await choose(client, 'copper lantern meadow 3')).headers.location).toBe('/sign-in')
    expect(await state(address)).toEqual({ 'Una Verified': 'changed' })
  })

  test('links work for 60 minutes from delivery; a new link takes one click and counts', async () => {
    const { people } = await crew(1)
    const [late] = people as [TestUser]
    const address = await started(people)
    await app.runJobs()
    const path = await linkTo(late)
    await run(
      app.db,
      sql`update links set expires_at = expires_at - interval '60 minutes 1 second' where user_id = ${late.id}`,
    )
    const client = app.client()
    const expired = await client.get(path)
    expect([expired.status, textOf(expired.text)]).toEqual([410, expect.stringContaining('It expired')])
    await client.post('/forgot-password', {}, path)
    await app.runJobs()
    await client.get(await linkTo(late)).expect(303)
    expect((await choose(client, 'copper lantern meadow 4')).status).toBe(303)
    expect(await state(address)).toEqual({ [late.name]: 'changed' })
    const [row] = rowsOf((await admin.get(`${address}.csv`)).text)
    expect([row?.new_link_at, row?.changed_at]).toEqual([
      expect.stringMatching(/^\d{4}-.*Z$/),
      expect.stringMatching(/Z$/),
    ])
  })

  test('reminds everyone still open once, and invalidates their older link', async () => {
    const { people } = await crew(2)
    const [open, changed] = people as [TestUser, TestUser]
    const address = await started(people)
    await app.runJobs()
    const old = await linkTo(open)
    const client = app.client()
    await client.get(await linkTo(changed))
    await choose(client, 'copper lantern meadow 5')
    await admin.post(`${address}/remind`, {}, address)
    await app.runJobs()
    expect((await app.emailsTo(open)).length).toBe(2)
    expect((await app.emailsTo(changed)).map(({ template }) => template).sort()).toEqual([
      'canned_response',
      'password_reset_done',
    ])
    expect((await app.client().get(old)).status).toBe(410)
    expect((await app.client().get(await linkTo(open))).status).toBe(303)
  })

  test('says next to the button how many recent links a reminder would invalidate', async () => {
    const { people } = await crew(2)
    const address = await started(people)
    await app.runJobs()
    const told = '2 people got the email within the last hour. A reminder invalidates its link'
    expect(textOf((await admin.get(address)).text)).toContain(told)
    await run(app.db, sql`update campaign_people set sent_at = sent_at - interval '61 minutes'`)
    const page = textOf((await admin.get(address)).text)
    expect(page).toContain('Remind 2 still open')
    expect(page).not.toContain('within the hour')
  })

  test('reminds at most once in 60 minutes, the lifetime of a link', async () => {
    const { people } = await crew(1)
    const [open] = people as [TestUser]
    const address = await started(people)
    await app.runJobs()
    expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    await app.runJobs()
    const again = await admin.post(`${address}/remind`, {}, address)
    expect([again.status, textOf(again.text)]).toEqual([
      429,
      expect.stringContaining('They were reminded less than an hour ago'),
    ])
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(3_500)
    expect(Number(again.headers['retry-after'])).toBeLessThanOrEqual(3_600)
    const page = textOf((await admin.get(address)).text)
    expect(page).toMatch(/Reminded today, [\d:]+; again in 60 minutes/)
    expect(page).not.toContain('Remind 1 still open')
    await app.runJobs()
    expect(await app.emailsTo(open)).toHaveLength(2)
    await run(app.db, sql`update campaigns set reminded_at = reminded_at - interval '60 minutes'`)
    expect(textOf((await admin.get(address)).text)).toContain('Remind 1 still open')
    expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    await app.runJobs()
  })

  describe('when the mail server refuses', () => {
    /** Runs the jobs with a mail server that permanently refuses these people. */
    async function runJobsRefusing(...refused: TestUser[]) {
      const mailbox = await openMailbox()
      mailbox.judge = (to) =>
        refused.some(({ email }) => email === to) ? { code: 550, words: '5.1.1 no such mailbox' } : undefined
      await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
      await mailbox.close()
      return mailbox.mails.length
    }
    const remindLater = async (address: string) => {
      await run(app.db, sql`update campaigns set reminded_at = reminded_at - interval '60 minutes'`)
      expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    }
    const rowOf = async (address: string, { name }: TestUser) =>
      textOf((await admin.get(address)).text.split('<tr>').find((row) => row.includes(name)) ?? '')

    test('a reminder, the person stays sent or opened, and the page shows the refusal', async () => {
      const { people } = await crew(3)
      const [idle, opener, chooser] = people as [TestUser, TestUser, TestUser]
      const address = await started(people)
      await app.runJobs()
      await app.client().get(await linkTo(opener))
      await remindLater(address)
      expect(await runJobsRefusing(idle, opener)).toBe(1)
      expect(await state(address)).toEqual({
        [idle.name]: 'sent',
        [opener.name]: 'opened',
        [chooser.name]: 'sent',
      })
      for (const who of [idle, opener])
        expect(await rowOf(address, who)).toMatch(/the reminder was refused: .*550 5\.1\.1 no such mailbox/)
      expect(await rowOf(address, chooser)).not.toContain('refused')
      const rows = rowsOf((await admin.get(`${address}.csv`)).text)
      expect(rows.find(({ name }) => name === idle.name)).toMatchObject({ state: 'sent', reminded_at: '' })
    })

    test('a first email, the person is still open, gets the next one, and is skipped after two failures in a row', async () => {
      const { people } = await crew(3)
      const [back, lost, got] = people as [TestUser, TestUser, TestUser]
      const address = await started(people)
      expect(await runJobsRefusing(back, lost)).toBe(1)
      expect(await state(address)).toMatchObject({ [back.name]: 'failed', [lost.name]: 'failed' })
      const page = textOf((await admin.get(address)).text)
      expect(page).toContain('Remind 3 still open')
      expect(page).toContain('Still open 3')
      expect(textOf((await admin.get(`${address}?state=open`)).text)).toContain(lost.name)

      await remindLater(address)
      expect(await rowOf(address, lost)).toContain('no such mailbox. Another email is on its way')
      expect(await runJobsRefusing(lost)).toBe(2)
      expect(await state(address)).toEqual({
        [back.name]: 'sent',
        [lost.name]: 'failed',
        [got.name]: 'sent',
      })
      expect(await rowOf(address, back)).not.toMatch(/refused|reminded/)

      await remindLater(address)
      expect(await runJobsRefusing()).toBe(2)
      expect(await state(address)).toMatchObject({ [lost.name]: 'bouncing' })
      expect(textOf((await admin.get(address)).text)).toContain('Still open 2')
    })

    test('a first email and the reminder is cancelled, the person stays failed', async () => {
      const { people } = await crew(1)
      const address = await started(people)
      await runJobsRefusing(...people)
      await remindLater(address)
      await admin.post(`${address}/pause`, {}, address)
      await admin.post(`${address}/cancel`, {}, address)
      expect(Object.values(await state(address))).toEqual(['failed'])
    })
  })

  test('can be paused, resumed and finally cancelled', async () => {
    const { people } = await crew(2)
    const address = await started(people)
    await admin.post(`${address}/pause`, {}, address)
    await app.runJobs()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['queued']))
    expect((await admin.post(`${address}/pause`, {}, address)).status).toBe(409)
    await admin.post(`${address}/resume`, {}, address)
    await admin.post(`${address}/cancel`, {}, address)
    await app.runJobs()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['cancelled']))
    expect(await app.emailsTo(people[0] as TestUser)).toEqual([])
    expect(await status(address)).toMatchObject({ status: 'cancelled' })
  })

  test('runs with the permissions of its author: when they lose them, it pauses and says so until another person resumes it', async () => {
    const { people } = await crew(2)
    const author = await app.createUser({ name: 'Ava Author', role: 'Admin' })
    const address = await started(people, await app.signIn(author))
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${author.id}`,
    )
    await app.runJobs()
    expect(await status(address)).toEqual({
      status: 'paused',
      pause_reason: { code: 'not_allowed', name: 'Ava Author' },
    })
    expect(textOf((await admin.get(address)).text)).toContain(
      'Paused Ava Author can no longer run campaigns.',
    )
    expect(await app.emailsTo(people[0] as TestUser)).toEqual([])
    await admin.post(`${address}/resume`, {}, address)
    await app.runJobs()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['sent']))
  })
})

describe('limits', () => {
  test('one campaign runs at a time', async () => {
    const { people } = await crew(2)
    await started(people)
    const answer = await start({ ids: people.map(({ id }) => id) })
    expect([answer.status, textOf(answer.text)]).toEqual([
      409,
      expect.stringContaining('“Season start” is still sending its emails'),
    ])
    await app.runJobs()
  })

  test('of two started at the same moment, one starts', async () => {
    const { people } = await crew(1)
    const _csrf = await admin.token('/campaigns/new?all=1')
    const fields = { _csrf, cannedResponseId, ids: people.map(({ id }) => id) }
    const answers = await Promise.all([
      admin.postBare('/campaigns', fields),
      admin.postBare('/campaigns', fields),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    await app.runJobs()
  })

  test('five start within a day', async () => {
    const { people } = await crew(1)
    for (let i = 0; i < 5; i++) {
      await started(people)
      await app.runJobs()
    }
    const answer = await start({ ids: people.map(({ id }) => id) })
    expect([answer.status, textOf(answer.text)]).toEqual([
      429,
      expect.stringContaining('Five campaigns a day is the limit'),
    ])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(80_000)
  })

  test('the password is asked for again after half an hour', async () => {
    const { people } = await crew(1)
    const client = await app.as('owner')
    const address = await started(people, client)
    await app.runJobs()
    const _csrf = await client.token(address)
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.owner.id}`,
    )
    for (const path of [
      '/campaigns',
      `${address}/remind`,
      `${address}/pause`,
      `${address}/resume`,
      `${address}/cancel`,
    ]) {
      const answer = await client.postBare(path, {
        _csrf,
        cannedResponseId,
        ids: people.map(({ id }) => id),
      })
      expect([path, answer.status, answer.headers.location]).toEqual([
        path,
        303,
        expect.stringMatching(/^\/confirm-password\?next=/),
      ])
    }
    for (const path of ['/campaigns/new?all=1', `${address}.csv`])
      expect((await client.get(path)).headers.location).toMatch(/^\/confirm-password/)
  })

  test('more than 100 people must be confirmed by typing the number', async () => {
    await run(
      app.db,
      sql`insert into users (name, email, role_id, status, email_verified_at)
          select 'Many ' || i, 'many' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'active', now()
          from generate_series(1, 101) i`,
    )
    const all = { all: '1', q: 'many' }
    for (const count of ['', '100', 'all']) {
      const answer = await start({ ...all, count })
      expect([count, answer.status, textOf(answer.text)]).toEqual([
        count,
        422,
        expect.stringMatching(/Enter that number|then enter that number|Enter only the number/),
      ])
    }
    const answer = await start({ ...all, count: '101' })
    expect(answer.status).toBe(303)
    await admin.post(`${answer.headers.location}/cancel`, {}, String(answer.headers.location))
  })

  test.each([
    [{ cannedResponseId: 'none' }, 'Choose a canned response'],
    [{ cannedResponseId: crypto.randomUUID() }, 'This canned response was deleted'],
    [{ emailsPerSecond: '0' }, 'a whole number from 1 to 1,000'],
    [{ emailsPerSecond: '1001' }, 'a whole number from 1 to 1,000'],
    [{ emailsPerSecond: '5\0' }, 'a character that cannot be typed'],
  ])('%j is refused with an error next to the field', async (fields, error) => {
    const answer = await start({ ids: [app.cast.sam.id], ...fields })
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(error)])
  })
})

describe('permissions', () => {
  test('a person with a team role can only choose people of the team, and only sees their own campaigns', async () => {
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions)
          values ('Crew lead', 'office', 'team', '{users.view,passwords.change,campaigns.manage}')`,
    )
    const lead = await app.signIn(
      await app.createUser({ name: 'Lea Lead', role: 'Crew lead', team: 'North' }),
    )
    const { otto, sam } = app.cast
    const page = `/campaigns/new?ids=${sam.id}`
    expect((await lead.get(`/campaigns/new?ids=${otto.id}`)).status).toBe(403)
    expect((await start({ ids: [sam.id, otto.id] }, lead, page)).status).toBe(403)
    expect((await start({ ids: [crypto.randomUUID()] }, lead, page)).status).toBe(404)
    expect((await start({ ids: ['1; drop table users'] }, lead, page)).status).toBe(422)
    expect(await app.emailsTo(otto)).toEqual([])

    const others = await started([otto])
    await app.runJobs()
    for (const address of [others, `${others}.csv`]) expect((await lead.get(address)).status).toBe(404)
    for (const action of ['remind', 'pause', 'resume', 'cancel'])
      expect((await lead.post(`${others}/${action}`, {}, page)).status).toBe(404)

    const all = await start({ all: '1' }, lead, page)
    await app.runJobs()
    const recipients = await state(String(all.headers.location))
    expect(Object.keys(recipients)).toContain(sam.name)
    expect(Object.keys(recipients)).not.toContain(otto.name)
    expect(textOf((await lead.get('/campaigns')).text)).toContain('Season start')
  })

  test('people with more permissions than the sender are skipped', async () => {
    const { owner, sam } = app.cast
    const { text } = await admin.get(`/campaigns/new?ids=${owner.id},${sam.id}`)
    expect(textOf(text)).toContain(`Outside the access of the person who sends it. See who ${owner.name}`)
    const answer = await start({ ids: [owner.id] })
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('None of the people you chose can get it'),
    ])
  })
})

describe('from the list of fieldworkers', () => {
  const bulk = (fields: Record<string, string | string[]>, who = admin) =>
    who.post('/fieldworkers/bulk', { action: 'campaign', ...fields }, '/fieldworkers')

  test('selected people lead to a new campaign: few in the URL, many in a saved selection of the person who selected them', async () => {
    const { people } = await crew(2)
    const few = await bulk({ ids: people.map(({ id }) => id) })
    expect(few.headers.location).toBe(`/campaigns/new?ids=${people.map(({ id }) => id).join('%2C')}`)
    const rows = await many(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from users where email like 'many%' or id = any(${people.map(({ id }) => id)}::uuid[])`,
    )
    const kept = await bulk({ ids: rows.map(({ id }) => id) })
    expect(kept.headers.location).toMatch(/^\/campaigns\/new\?chosen=[\w-]{36}$/)
    const address = String(kept.headers.location)
    expect(textOf((await admin.get(address)).text)).toContain('103 get it')
    expect(textOf((await (await app.as('owner')).get(address).expect(422)).text)).toContain(
      'Select the people again',
    )
    const answer = await start({ chosen: address.split('=')[1] ?? '', count: '103' }, admin, address)
    await admin.post(`${answer.headers.location}/cancel`, {}, String(answer.headers.location))
    expect(Object.keys(await state(String(answer.headers.location)))).toHaveLength(103)
  })

  test('everyone of a filter leads there by the filter', async () => {
    const { team } = await crew(1)
    const answer = await bulk({ all: '1', team, status: 'active' })
    expect(textOf((await admin.get(String(answer.headers.location)).expect(200)).text)).toContain('1 gets it')
  })

  test('no selection, an invalid filter and a missing permission are refused', async () => {
    expect((await bulk({})).status).toBe(422)
    expect((await bulk({ all: '1', team: 'none' })).status).toBe(422)
    expect((await bulk({ all: '1' }, await app.as('dispatcher'))).status).toBe(403)
  })
})

test('the CSV lists who did what and when, and contains no formula', async () => {
  const tricky = await app.createUser({
    name: '=HYPERLINK("http://evil.test")',
    role: 'Fieldworker',
    team: 'North',
  })
  await run(app.db, sql`update users set email = 'tricky@firm.test' where id = ${tricky.id}`)
  const blocked = await app.createUser({ name: 'Bea Blocked', role: 'Fieldworker', status: 'blocked' })
  const address = await started([tricky, blocked])
  await app.runJobs()
  const answer = await admin.get(`${address}.csv`).expect(200)
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
  expect(answer.headers['content-disposition']).toMatch(
    /^attachment; filename="campaign-\d{4}-\d\d-\d\d\.csv"$/,
  )
  const [first, second] = rowsOf(answer.text)
  expect(first).toMatchObject({
    name: `'=HYPERLINK("http://evil.test")`,
    state: 'sent',
    team: 'North',
    changed_at: '',
  })
  expect(first?.server_answer).toBe('kept in the dev outbox')
  expect(second).toMatchObject({
    name: 'Bea Blocked',
    state: 'skipped',
    left_out_because: 'blocked',
    sent_at: '',
  })
})

describe('the page of a campaign', () => {
  const openTag = async (address: string) =>
    /<div id="campaign-state"[^>]*>/.exec((await admin.get(address).expect(200)).text)?.[0]

  test('refreshes itself while emails wait or people are still open, and then stops', async () => {
    const { people } = await crew(1)
    const [last] = people as [TestUser]
    const address = await started(people)
    expect(await openTag(address)).toContain('data-live')
    await app.runJobs()
    expect(await openTag(address)).toContain('data-live')
    const client = app.client()
    await client.get(await linkTo(last))
    await choose(client, 'copper lantern meadow 6')
    expect(await openTag(address)).not.toContain('data-live')
    expect(await openTag(address)).toContain('100% have changed their password.')
    expect(textOf((await admin.get(address)).text)).not.toContain('Live,')
  })

  test('keeps a message when it refreshes itself', async () => {
    const { people } = await crew(1)
    const address = await started(people)
    await admin.get(address).set('X-Live', '1').expect(200)
    expect(textOf((await admin.get(address)).text)).toContain('“Season start” is being sent')
    expect(textOf((await admin.get(address)).text)).not.toContain('“Season start” is being sent')
    await app.runJobs()
  })

  test('fills its bar to the end, with a gap only between two parts', async () => {
    const { people } = await crew(4)
    const address = await started(people)
    await app.runJobs()
    const bar = async () =>
      [...(await admin.get(address)).text.matchAll(/<rect class="f-\w+" x="([\d.]+)%" width="([\d.]+)%"/g)]
        .map(([, x, width]) => [Number(x), Number(width)] as const)
        .filter(([, width]) => width > 0)
    expect(await bar()).toEqual([[0, 100]])
    await app.client().get(await linkTo(people[0] as TestUser))
    expect(await bar()).toEqual([
      [0, 24.75],
      [25, 75],
    ])
  })

  test('says how many people a page lists only if there are more', async () => {
    const few = await started((await crew(1)).people)
    await app.runJobs()
    expect(textOf((await admin.get(few)).text)).toContain('By name “Opened”')
    await run(
      app.db,
      sql`insert into campaign_people (campaign_id, user_id)
          select ${few.split('/').at(-1)}, id from users where email like 'many%' limit 50`,
    )
    expect(textOf((await admin.get(few)).text)).toContain('By name, 50 a page Previous Next')
  })
})

test('refreshing the progress keeps no one signed in', async () => {
  const { people } = await crew(1)
  const address = await started(people)
  const seen = () =>
    one(
      app.db,
      z.object({ at: z.date() }),
      sql`select max(last_seen_at) as at from sessions where user_id = ${app.cast.admin.id}`,
    )
  await run(
    app.db,
    sql`update sessions set last_seen_at = now() - interval '5 minutes' where user_id = ${app.cast.admin.id}`,
  )
  const before = await seen()
  await admin.get(address).set('X-Live', '1').expect(200)
  expect(await seen()).toEqual(before)
  await admin.get(address)
  expect((await seen()).at.getTime()).toBeGreaterThan(before.at.getTime())
})
