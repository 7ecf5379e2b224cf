import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/foundation/db.ts'
import { rowsOf } from '../support/csv.ts'
import { testHouse } from '../support/house.ts'
import { openMailbox } from '../support/mailbox.ts'
import { logged, type Somebody } from '../support/people.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
const fast = { lettersPerSecond: '1000' }

let admin: Visitor
let cannedResponseId: string
beforeAll(async () => {
  admin = await house.as('admin')
  const row = z.object({ id: z.string() })
  cannedResponseId = (
    await one(house.db, row, sql`select id from canned_responses where name = 'Season start'`)
  ).id
})
// Each test has the day and the company to itself.
beforeEach(async () => {
  await run(
    house.db,
    sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
  )
  await run(house.db, sql`update campaign_people set due_at = null`)
  await run(house.db, sql`delete from rate_limits`)
})

let crews = 0
/** So many fieldworkers in a team of their own. */
async function crew(size: number) {
  const team = `Crew ${++crews}`
  const people: Somebody[] = []
  for (let i = 0; i < size; i++)
    people.push(await house.add({ name: `Ada ${team} ${i}`, role: 'Fieldworker', team }))
  const row = z.object({ id: z.string() })
  return { people, team: (await one(house.db, row, sql`select id from teams where name = ${team}`)).id }
}
const start = (fields: Record<string, string | string[]>, who = admin, page = '/campaigns/new?all=1') =>
  who.post('/campaigns', { cannedResponseId, ...fast, ...fields }, page)
async function started(people: Somebody[], who = admin): Promise<string> {
  const answer = await start({ ids: people.map(({ id }) => id) }, who)
  expect([answer.status, answer.text.length < 9 || words(answer.text)]).toEqual([303, true])
  return String(answer.headers.location)
}
const state = async (address: string) =>
  Object.fromEntries(
    (
      await many(
        house.db,
        z.object({ name: z.string(), state: z.string(), excused: z.string().nullable() }),
        sql`select u.name, p.state, p.excused from campaign_people p join users u on u.id = p.user_id
            where campaign_id = ${address.split('/').at(-1)} order by u.name`,
      )
    ).map(({ name, state: is, excused }) => [name, excused ?? is]),
  )
const status = async (address: string) =>
  one(
    house.db,
    z.object({ status: z.string(), paused_because: z.string().nullable() }),
    sql`select status, paused_because from campaigns where id = ${address.split('/').at(-1)}`,
  )
const letterTo = async (who: Somebody) => (await house.lettersTo(who))[0]
const linkTo = async (who: Somebody) => new URL((await letterTo(who))?.link ?? 'http://no.link').pathname
const choose = async (visitor: Visitor, newPassword: string) =>
  visitor.post('/reset-password', { newPassword, confirmPassword: newPassword })

describe('before anything is sent, the page says', () => {
  test('who gets it, who will be missed and why', async () => {
    const { team } = await crew(2)
    const name = `Crew ${crews}`
    for (const status of ['blocked', 'inactive', 'invited'])
      await house.add({ name: `Shut ${status}`, role: 'Fieldworker', team: name, status })
    const bounced = await house.add({ name: 'Bo Bounced', role: 'Fieldworker', team: name })
    for (const status of ['sent', 'failed', 'failed'])
      await run(
        house.db,
        sql`insert into letters (template, to_name, to_address, data, status, created_at)
            values ('canned_response', '', ${bounced.email}, ${{ name: 'Bo', subject: 'Hi', body: 'Hi', expiresIn: '' }}, ${status}, clock_timestamp())`,
      )
    const [one, other] = [
      await house.add({ name: 'Paul', role: 'Fieldworker', team: name }),
      await house.add({ name: 'Paula', role: 'Fieldworker', team: name }),
    ]
    await run(house.db, sql`update users set email = 'office+paul@firm.test' where id = ${one.id}`)
    await run(house.db, sql`update users set email = 'office+paula@firm.test' where id = ${other.id}`)
    await house
      .add({ name: 'Nell', role: 'Fieldworker', team: name })
      .then(({ id }) => run(house.db, sql`update users set email = 'nell@nowhere.invalid' where id = ${id}`))

    const { text } = await admin.get(`/campaigns/new?all=1&team=${team}`).expect(200)
    const told = words(text)
    expect(told).toContain('To the 9 people of your filter')
    expect(told).toContain('2 get it, 7 will be missed')
    for (const [why, who] of [
      ['Blocked people can’t sign in.', 'Shut blocked 1'],
      ['Inactive people can’t sign in. Activate them first', 'Shut inactive 1'],
      ['Invited people have no password yet.', 'Shut invited 1'],
      ['No address that mail can reach.', 'Nell 1'],
      ['Several people share one mailbox.', 'Paul, Paula 2'],
      ['The last two letters to them failed.', 'Bo Bounced 1'],
    ])
      expect(told).toContain(`${why} See who ${who}`)
    expect(told).toContain('Send to 2 people')
  })

  test('how it reads for one of them, and for the next', async () => {
    const { people } = await crew(2)
    const { text } = await admin.get(`/campaigns/new?ids=${people.map(({ id }) => id).join(',')}`)
    expect(words(text)).toContain(`As ${people[0]?.name} sees it`)
    expect(text).toContain('Hello <span class="filled">Ada</span>')
    expect(text).toContain('/reset-password/…')
    const next = /href="([^"]+)" aria-label="Next person"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(words((await admin.get(next)).text)).toContain(`As ${people[1]?.name} sees it`)
  })

  test('that somebody must be chosen first, when nobody is', async () => {
    expect(words((await admin.get('/campaigns/new').expect(200)).text)).toContain('Who is to get it?')
    const answer = await start({})
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining('Nobody was chosen')])
  })
})

describe('a campaign', () => {
  test('sends each person a link of their own, which lands like a reset, and counts what they do', async () => {
    const { people } = await crew(3)
    const [opener, chooser, idler] = people as [Somebody, Somebody, Somebody]
    const address = await started(people)
    await house.work()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['sent']))
    const letter = await letterTo(opener)
    expect(letter?.subject).toBe('Ready for the season: choose a new password')
    expect(words(letter?.text ?? '')).toContain('Please choose a new password for Acme Field before')
    expect(letter?.text).toContain(letter?.link ?? 'a link')
    expect(new Set(await Promise.all(people.map(linkTo))).size).toBe(3)

    const visitor = house.visitor()
    await visitor.head(await linkTo(idler))
    await visitor.get(await linkTo(opener)).expect(303)
    await visitor.get(await linkTo(chooser))
    expect((await choose(visitor, 'copper lantern meadow 1')).status).toBe(303)
    expect(await state(address)).toEqual({
      [opener.name]: 'opened',
      [chooser.name]: 'changed',
      [idler.name]: 'sent',
    })
    const told = words((await admin.get(address)).text)
    expect(told).toContain('33% have changed their password')
    expect(told).toContain('Remind 2 still open')
    expect(told).toContain('Finished “Ready for the season: choose a new password” to 3 people')
    expect(words((await admin.get(`${address}?state=changed`)).text)).not.toContain(idler.name)
    expect(await logged(house.db, idler, 'password_reset_sent')).toMatchObject([
      { actor_id: house.cast.admin.id, details: { campaign: 'Season start' } },
    ])
  })

  test('counts a change by any way of theirs, but not one by the office, and then sends them nothing', async () => {
    const { people } = await crew(3)
    const [own, office, other] = people as [Somebody, Somebody, Somebody]
    const address = await started(people)
    const currentPassword = 'amber kettle orchard 93'
    const fields = { newPassword: 'copper lantern meadow 2', confirmPassword: 'copper lantern meadow 2' }
    await (await house.signIn(own)).post('/account/password', { currentPassword, ...fields })
    await admin.post(`/users/${office.id}/password`, fields)
    await house.work()
    expect(await state(address)).toEqual({
      [own.name]: 'changed',
      [office.name]: 'sent',
      [other.name]: 'sent',
    })
    expect((await house.lettersTo(own)).map(({ template }) => template)).toEqual(['password_changed'])
  })

  test('leaves out whoever is shut out, or out of reach, before their letter leaves', async () => {
    const { people } = await crew(3)
    const [gone, promoted, stays] = people as [Somebody, Somebody, Somebody]
    const address = await started(people)
    await run(house.db, sql`update users set status = 'blocked' where id = ${gone.id}`)
    await run(
      house.db,
      sql`update users set role_id = (select id from roles where name = 'Owner') where id = ${promoted.id}`,
    )
    await house.work()
    expect(await state(address)).toEqual({
      [gone.name]: 'blocked',
      [promoted.name]: 'out_of_reach',
      [stays.name]: 'sent',
    })
    expect(await house.lettersTo(gone)).toEqual([])
    await run(
      house.db,
      sql`update users set role_id = (select id from roles where name = 'Fieldworker') where id = ${promoted.id}`,
    )
  })

  test('lets an unverified address be verified first, and leads on', async () => {
    const unverified = await house.add({ name: 'Una Verified', role: 'Fieldworker', verified: false })
    const address = await started([unverified])
    await house.work()
    expect((await letterTo(unverified))?.text).toContain('for 24 hours')
    const path = await linkTo(unverified)
    const visitor = house.visitor()
    await visitor.get(path).expect(200)
    expect(await state(address)).toEqual({ 'Una Verified': 'opened' })
    await visitor.post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect((await choose(visitor, 'copper lantern meadow 3')).headers.location).toBe('/sign-in')
    expect(await state(address)).toEqual({ 'Una Verified': 'changed' })
  })

  test('gives sixty minutes from delivery, then one press for a new link, which counts', async () => {
    const { people } = await crew(1)
    const [late] = people as [Somebody]
    const address = await started(people)
    await house.work()
    const path = await linkTo(late)
    await run(
      house.db,
      sql`update links set expires_at = expires_at - interval '60 minutes 1 second' where user_id = ${late.id}`,
    )
    const visitor = house.visitor()
    const dead = await visitor.get(path)
    expect([dead.status, words(dead.text)]).toEqual([410, expect.stringContaining('Its time was up')])
    await visitor.post('/forgot-password', {}, path)
    await house.work()
    await visitor.get(await linkTo(late)).expect(303)
    expect((await choose(visitor, 'copper lantern meadow 4')).status).toBe(303)
    expect(await state(address)).toEqual({ [late.name]: 'changed' })
    const [row] = rowsOf((await admin.get(`${address}.csv`)).text)
    expect([row?.new_link_at, row?.changed_at]).toEqual([
      expect.stringMatching(/^\d{4}-.*Z$/),
      expect.stringMatching(/Z$/),
    ])
  })

  test('reminds those still open, once more each, and switches their older link off', async () => {
    const { people } = await crew(2)
    const [open, changed] = people as [Somebody, Somebody]
    const address = await started(people)
    await house.work()
    const old = await linkTo(open)
    const visitor = house.visitor()
    await visitor.get(await linkTo(changed))
    await choose(visitor, 'copper lantern meadow 5')
    await admin.post(`${address}/remind`, {}, address)
    await house.work()
    expect((await house.lettersTo(open)).length).toBe(2)
    expect((await house.lettersTo(changed)).map(({ template }) => template).sort()).toEqual([
      'canned_response',
      'password_reset_done',
    ])
    expect((await house.visitor().get(old)).status).toBe(410)
    expect((await house.visitor().get(await linkTo(open))).status).toBe(303)
  })

  test('says beside the button whose link a reminder would switch off while it is fresh', async () => {
    const { people } = await crew(2)
    const address = await started(people)
    await house.work()
    const told = '2 people had their letter within the hour. A reminder switches off the link in it'
    expect(words((await admin.get(address)).text)).toContain(told)
    await run(house.db, sql`update campaign_people set sent_at = sent_at - interval '61 minutes'`)
    const page = words((await admin.get(address)).text)
    expect(page).toContain('Remind 2 still open')
    expect(page).not.toContain('within the hour')
  })

  test('reminds no more than once in sixty minutes, as long as a link lives', async () => {
    const { people } = await crew(1)
    const [open] = people as [Somebody]
    const address = await started(people)
    await house.work()
    expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    await house.work()
    const again = await admin.post(`${address}/remind`, {}, address)
    expect([again.status, words(again.text)]).toEqual([
      429,
      expect.stringContaining('They were reminded within the hour'),
    ])
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(3_500)
    expect(Number(again.headers['retry-after'])).toBeLessThanOrEqual(3_600)
    const page = words((await admin.get(address)).text)
    expect(page).toMatch(/Reminded today, [\d:]+; again in 60 minutes/)
    expect(page).not.toContain('Remind 1 still open')
    await house.work()
    expect(await house.lettersTo(open)).toHaveLength(2)
    await run(house.db, sql`update campaigns set reminded_at = reminded_at - interval '60 minutes'`)
    expect(words((await admin.get(address)).text)).toContain('Remind 1 still open')
    expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    await house.work()
  })

  describe('whose mail server refuses', () => {
    /** Works with a mail server that refuses these people for good. */
    async function workRefusing(...refused: Somebody[]) {
      const mailbox = await openMailbox()
      mailbox.judge = (to) =>
        refused.some(({ email }) => email === to) ? { code: 550, words: '5.1.1 no such mailbox' } : undefined
      await house.work({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
      await mailbox.close()
      return mailbox.mails.length
    }
    const remindLater = async (address: string) => {
      await run(house.db, sql`update campaigns set reminded_at = reminded_at - interval '60 minutes'`)
      expect((await admin.post(`${address}/remind`, {}, address)).status).toBe(303)
    }
    const rowOf = async (address: string, { name }: Somebody) =>
      words((await admin.get(address)).text.split('<tr>').find((row) => row.includes(name)) ?? '')

    test('a reminder: who got their first letter stays sent, or opened, and the words of the refusal stand beside them', async () => {
      const { people } = await crew(3)
      const [idle, opener, chooser] = people as [Somebody, Somebody, Somebody]
      const address = await started(people)
      await house.work()
      await house.visitor().get(await linkTo(opener))
      await remindLater(address)
      expect(await workRefusing(idle, opener)).toBe(1)
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

    test('a first letter: they are still open, get the next one, and are left out once two in a row failed', async () => {
      const { people } = await crew(3)
      const [back, lost, got] = people as [Somebody, Somebody, Somebody]
      const address = await started(people)
      expect(await workRefusing(back, lost)).toBe(1)
      expect(await state(address)).toMatchObject({ [back.name]: 'failed', [lost.name]: 'failed' })
      const page = words((await admin.get(address)).text)
      expect(page).toContain('Remind 3 still open')
      expect(page).toContain('Still open 3')
      expect(words((await admin.get(`${address}?state=open`)).text)).toContain(lost.name)

      await remindLater(address)
      expect(await rowOf(address, lost)).toContain('no such mailbox. Another letter is on its way')
      expect(await workRefusing(lost)).toBe(2)
      expect(await state(address)).toEqual({
        [back.name]: 'sent',
        [lost.name]: 'failed',
        [got.name]: 'sent',
      })
      expect(await rowOf(address, back)).not.toMatch(/refused|reminded/)

      await remindLater(address)
      expect(await workRefusing()).toBe(2)
      expect(await state(address)).toMatchObject({ [lost.name]: 'bouncing' })
      expect(words((await admin.get(address)).text)).toContain('Still open 2')
    })

    test('a first letter, and the next is cancelled: they stay failed', async () => {
      const { people } = await crew(1)
      const address = await started(people)
      await workRefusing(...people)
      await remindLater(address)
      await admin.post(`${address}/pause`, {}, address)
      await admin.post(`${address}/cancel`, {}, address)
      expect(Object.values(await state(address))).toEqual(['failed'])
    })
  })

  test('is paused, sends nothing, is resumed, and cancelled for good', async () => {
    const { people } = await crew(2)
    const address = await started(people)
    await admin.post(`${address}/pause`, {}, address)
    await house.work()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['queued']))
    expect((await admin.post(`${address}/pause`, {}, address)).status).toBe(409)
    await admin.post(`${address}/resume`, {}, address)
    await admin.post(`${address}/cancel`, {}, address)
    await house.work()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['cancelled']))
    expect(await house.lettersTo(people[0] as Somebody)).toEqual([])
    expect(await status(address)).toMatchObject({ status: 'cancelled' })
  })

  test('acts with the rights of its author: when they lose them it stands still and says so, until another resumes it', async () => {
    const { people } = await crew(2)
    const author = await house.add({ name: 'Ava Author', role: 'Admin' })
    const address = await started(people, await house.signIn(author))
    await run(
      house.db,
      sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${author.id}`,
    )
    await house.work()
    expect(await status(address)).toEqual({
      status: 'paused',
      paused_because: 'Ava Author may not run campaigns any more.',
    })
    expect(words((await admin.get(address)).text)).toContain(
      'It stands still Ava Author may not run campaigns any more.',
    )
    expect(await house.lettersTo(people[0] as Somebody)).toEqual([])
    await admin.post(`${address}/resume`, {}, address)
    await house.work()
    expect(new Set(Object.values(await state(address)))).toEqual(new Set(['sent']))
  })
})

describe('its limits', () => {
  test('one runs at a time', async () => {
    const { people } = await crew(2)
    await started(people)
    const answer = await start({ ids: people.map(({ id }) => id) })
    expect([answer.status, words(answer.text)]).toEqual([
      409,
      expect.stringContaining('“Season start” is still sending its letters'),
    ])
    await house.work()
  })

  test('of two started at the same moment one is', async () => {
    const { people } = await crew(1)
    const _csrf = await admin.token('/campaigns/new?all=1')
    const fields = { _csrf, cannedResponseId, ids: people.map(({ id }) => id) }
    const answers = await Promise.all([
      admin.postBare('/campaigns', fields),
      admin.postBare('/campaigns', fields),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    await house.work()
  })

  test('five in a day', async () => {
    const { people } = await crew(1)
    for (let i = 0; i < 5; i++) {
      await started(people)
      await house.work()
    }
    const answer = await start({ ids: people.map(({ id }) => id) })
    expect([answer.status, words(answer.text)]).toEqual([
      429,
      expect.stringContaining('Five campaigns in a day are enough'),
    ])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(80_000)
  })

  test('the password is asked for once more, after half an hour', async () => {
    const { people } = await crew(1)
    const visitor = await house.as('owner')
    const address = await started(people, visitor)
    await house.work()
    const _csrf = await visitor.token(address)
    await run(
      house.db,
      sql`update sessions set password_proven_at = now() - interval '31 minutes' where user_id = ${house.cast.owner.id}`,
    )
    for (const path of [
      '/campaigns',
      `${address}/remind`,
      `${address}/pause`,
      `${address}/resume`,
      `${address}/cancel`,
    ]) {
      const answer = await visitor.postBare(path, {
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
      expect((await visitor.get(path)).headers.location).toMatch(/^\/confirm-password/)
  })

  test('more than a hundred people are typed as a number', async () => {
    await run(
      house.db,
      sql`insert into users (name, email, role_id, status, email_verified_at)
          select 'Many ' || i, 'many' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'active', now()
          from generate_series(1, 101) i`,
    )
    const all = { all: '1', q: 'many' }
    for (const count of ['', '100', 'all']) {
      const answer = await start({ ...all, count })
      expect([count, answer.status, words(answer.text)]).toEqual([
        count,
        422,
        expect.stringMatching(/Type that number|then type that number|Type the number alone/),
      ])
    }
    const answer = await start({ ...all, count: '101' })
    expect(answer.status).toBe(303)
    await admin.post(`${answer.headers.location}/cancel`, {}, String(answer.headers.location))
  })

  test.each([
    [{ cannedResponseId: 'none' }, 'Choose one of the list'],
    [{ cannedResponseId: crypto.randomUUID() }, 'somebody deleted this one'],
    [{ lettersPerSecond: '0' }, 'a whole number from 1 to 1,000'],
    [{ lettersPerSecond: '1001' }, 'a whole number from 1 to 1,000'],
    [{ lettersPerSecond: '5\0' }, 'a character that cannot be typed'],
  ])('%j is refused beside the field', async (fields, told) => {
    const answer = await start({ ids: [house.cast.sam.id], ...fields })
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(told)])
  })
})

describe('who runs one', () => {
  test('for a team reaches its own people alone, whatever they send, and sees no campaign but their own', async () => {
    await run(
      house.db,
      sql`insert into roles (name, kind, scope, permissions)
          values ('Crew lead', 'office', 'team', '{users.view,passwords.change,campaigns.manage}')`,
    )
    const lead = await house.signIn(await house.add({ name: 'Lea Lead', role: 'Crew lead', team: 'North' }))
    const { otto, sam } = house.cast
    const mine = `/campaigns/new?ids=${sam.id}`
    expect((await lead.get(`/campaigns/new?ids=${otto.id}`)).status).toBe(403)
    expect((await start({ ids: [sam.id, otto.id] }, lead, mine)).status).toBe(403)
    expect((await start({ ids: [crypto.randomUUID()] }, lead, mine)).status).toBe(404)
    expect((await start({ ids: ['1; drop table users'] }, lead, mine)).status).toBe(422)
    expect(await house.lettersTo(otto)).toEqual([])

    const others = await started([otto])
    await house.work()
    for (const address of [others, `${others}.csv`]) expect((await lead.get(address)).status).toBe(404)
    for (const deed of ['remind', 'pause', 'resume', 'cancel'])
      expect((await lead.post(`${others}/${deed}`, {}, mine)).status).toBe(404)

    const all = await start({ all: '1' }, lead, mine)
    await house.work()
    const reached = await state(String(all.headers.location))
    expect(Object.keys(reached)).toContain(sam.name)
    expect(Object.keys(reached)).not.toContain(otto.name)
    expect(words((await lead.get('/campaigns')).text)).toContain('Season start')
  })

  test('misses those who hold more than they do', async () => {
    const { owner, sam } = house.cast
    const { text } = await admin.get(`/campaigns/new?ids=${owner.id},${sam.id}`)
    expect(words(text)).toContain(`Beyond the reach of whoever sends it. See who ${owner.name}`)
    const answer = await start({ ids: [owner.id] })
    expect([answer.status, words(answer.text)]).toEqual([
      422,
      expect.stringContaining('Nobody of those you chose can get it'),
    ])
  })
})

describe('from the list of fieldworkers', () => {
  const bulk = (fields: Record<string, string | string[]>, who = admin) =>
    who.post('/fieldworkers/bulk', { action: 'campaign', ...fields }, '/fieldworkers')

  test('those who are ticked are led to a new campaign, few in the address and many kept for whoever ticked them', async () => {
    const { people } = await crew(2)
    const few = await bulk({ ids: people.map(({ id }) => id) })
    expect(few.headers.location).toBe(`/campaigns/new?ids=${people.map(({ id }) => id).join('%2C')}`)
    const rows = await many(
      house.db,
      z.object({ id: z.string() }),
      sql`select id from users where email like 'many%' or id = any(${people.map(({ id }) => id)}::uuid[])`,
    )
    const kept = await bulk({ ids: rows.map(({ id }) => id) })
    expect(kept.headers.location).toMatch(/^\/campaigns\/new\?chosen=[\w-]{36}$/)
    const address = String(kept.headers.location)
    expect(words((await admin.get(address)).text)).toContain('103 get it')
    expect(words((await (await house.as('owner')).get(address).expect(422)).text)).toContain(
      'Choose the people again',
    )
    const answer = await start({ chosen: address.split('=')[1] ?? '', count: '103' }, admin, address)
    await admin.post(`${answer.headers.location}/cancel`, {}, String(answer.headers.location))
    expect(Object.keys(await state(String(answer.headers.location)))).toHaveLength(103)
  })

  test('all of a filter are led there by their filter', async () => {
    const { team } = await crew(1)
    const answer = await bulk({ all: '1', team, status: 'active' })
    expect(words((await admin.get(String(answer.headers.location)).expect(200)).text)).toContain('1 gets it')
  })

  test('nobody is led anywhere without ticks, with a filter that cannot be read, or without the right', async () => {
    expect((await bulk({})).status).toBe(422)
    expect((await bulk({ all: '1', team: 'none' })).status).toBe(422)
    expect((await bulk({ all: '1' }, await house.as('dispatcher'))).status).toBe(403)
  })
})

test('the CSV tells who did what when, and runs nothing', async () => {
  const tricky = await house.add({
    name: '=HYPERLINK("http://evil.test")',
    role: 'Fieldworker',
    team: 'North',
  })
  await run(house.db, sql`update users set email = 'tricky@firm.test' where id = ${tricky.id}`)
  const blocked = await house.add({ name: 'Bea Blocked', role: 'Fieldworker', status: 'blocked' })
  const address = await started([tricky, blocked])
  await house.work()
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
    state: 'excused',
    left_out_because: 'blocked',
    sent_at: '',
  })
})

describe('its page', () => {
  const openTag = async (address: string) =>
    /<div id="campaign-state"[^>]*>/.exec((await admin.get(address).expect(200)).text)?.[0]

  test('moves by itself while letters wait or people are still open, and then no more', async () => {
    const { people } = await crew(1)
    const [last] = people as [Somebody]
    const address = await started(people)
    expect(await openTag(address)).toContain('data-live')
    await house.work()
    expect(await openTag(address)).toContain('data-live')
    const visitor = house.visitor()
    await visitor.get(await linkTo(last))
    await choose(visitor, 'copper lantern meadow 6')
    expect(await openTag(address)).not.toContain('data-live')
    expect(await openTag(address)).toContain('100% have changed their password.')
    expect(words((await admin.get(address)).text)).not.toContain('Live,')
  })

  test('asked for by itself takes away nothing that was to be told', async () => {
    const { people } = await crew(1)
    const address = await started(people)
    await admin.get(address).set('X-Live', '1').expect(200)
    expect(words((await admin.get(address)).text)).toContain('“Season start” is on its way')
    expect(words((await admin.get(address)).text)).not.toContain('“Season start” is on its way')
    await house.work()
  })

  test('fills its bar to the end, with a gap between two parts alone', async () => {
    const { people } = await crew(4)
    const address = await started(people)
    await house.work()
    const bar = async () =>
      [...(await admin.get(address)).text.matchAll(/<rect class="f-\w+" x="([\d.]+)%" width="([\d.]+)%"/g)]
        .map(([, x, width]) => [Number(x), Number(width)] as const)
        .filter(([, width]) => width > 0)
    expect(await bar()).toEqual([[0, 100]])
    await house.visitor().get(await linkTo(people[0] as Somebody))
    expect(await bar()).toEqual([
      [0, 24.75],
      [25, 75],
    ])
  })

  test('says how many stand on a page only where there are more', async () => {
    const few = await started((await crew(1)).people)
    await house.work()
    expect(words((await admin.get(few)).text)).toContain('By name “Opened”')
    await run(
      house.db,
      sql`insert into campaign_people (campaign_id, user_id)
          select ${few.split('/').at(-1)}, id from users where email like 'many%' limit 50`,
    )
    expect(words((await admin.get(few)).text)).toContain('By name, 50 a page Previous Next')
  })
})

test('a look at the progress keeps nobody signed in', async () => {
  const { people } = await crew(1)
  const address = await started(people)
  const seen = () =>
    one(
      house.db,
      z.object({ at: z.date() }),
      sql`select max(last_seen_at) as at from sessions where user_id = ${house.cast.admin.id}`,
    )
  await run(
    house.db,
    sql`update sessions set last_seen_at = now() - interval '5 minutes' where user_id = ${house.cast.admin.id}`,
  )
  const before = await seen()
  await admin.get(address).set('X-Live', '1').expect(200)
  expect(await seen()).toEqual(before)
  await admin.get(address)
  expect((await seen()).at.getTime()).toBeGreaterThan(before.at.getTime())
})
