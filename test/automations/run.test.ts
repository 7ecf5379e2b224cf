import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/platform/db.ts'
import {
  aDayLater,
  ageOfPassword,
  anHourLater,
  isOn,
  list,
  on,
  press,
  runs,
  save,
  switchTo,
  twoWorkers,
} from '../support/automations.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'
import { credential, activityFor, type TestUser } from '../support/people.ts'
import { customRole, roleId, teamId } from '../support/roles.ts'
import { administer } from '../support/test-server.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})
// Each test starts with default automations and no one due except the people it creates.
beforeEach(async () => {
  await run(app.db, sql`delete from automation_runs`)
  await run(app.db, sql`delete from automation_exemptions`)
  await run(
    app.db,
    sql`update automations set switched_on = false, role_ids = '{}', team_ids = '{}', stop_reason = null`,
  )
  await run(
    app.db,
    sql`update users set password_changed_at = now(), last_sign_in_at = now(), created_at = now(),
    status_changed_at = now(), password_expired_at = null, password_grace_until = null`,
  )
})

let crews = 0
async function old(size: number, days = 400, traits: Partial<{ role: string; team: string }> = {}) {
  const crew = ++crews
  const people: TestUser[] = []
  for (let i = 0; i < size; i++) {
    const who = await app.createUser({
      name: `Olga Crew ${crew} ${i}`,
      role: 'Fieldworker',
      team: `Crew ${crew}`,
      ...traits,
    })
    await ageOfPassword(app, who, days + size - i)
    people.push(who)
  }
  return people
}
const expired = async (people: TestUser[]) => {
  const found: string[] = []
  for (const who of people)
    if ((await activityFor(app.db, who, 'password_expired')).length > 0) found.push(who.name)
  return found
}
const names = (people: TestUser[]) => people.map(({ name }) => name)

describe('a run', () => {
  test('happens once at its time, with any number of workers, and includes each person once', async () => {
    const people = await old(5)
    await on(app, admin, 'enforce')
    await twoWorkers(app)
    expect(await runs(app, 'enforce')).toEqual([
      { automation: 'enforce', people: 5, left_over: 0, stop_reason: null },
    ])
    for (const who of people) expect(await activityFor(app.db, who, 'password_expired')).toHaveLength(1)
    await twoWorkers(app)
    expect(await runs(app, 'enforce')).toHaveLength(1)
    await anHourLater(app)
    await twoWorkers(app)
    expect((await runs(app, 'enforce')).map(({ people }) => people)).toEqual([0, 5])
  })

  test('does not catch up on times before it was turned on', async () => {
    await old(1)
    await save(admin, 'enforce')
    await admin.post(`${list}/enforce/switch`, { to: 'on', reason: 'From now on' }, `${list}/enforce`)
    await app.startAutomations()
    expect(await runs(app, 'enforce')).toEqual([])
  })

  test('acts on at most the set number of people a day, the longest due first', async () => {
    const people = await old(5)
    await on(app, admin, 'enforce', { peopleADay: '2' })
    await twoWorkers(app)
    expect(await expired(people)).toEqual(names(people.slice(0, 2)))
    expect(await runs(app, 'enforce')).toMatchObject([{ people: 2, left_over: 3 }])

    await press(admin, 'enforce')
    await app.runJobs()
    expect(await runs(app, 'enforce')).toMatchObject([{ people: 0, left_over: 3 }, {}])

    await aDayLater(app)
    await twoWorkers(app)
    expect(await expired(people)).toEqual(names(people.slice(0, 4)))
  })

  test('skips people who are exempted or have another role or team', async () => {
    const [exempted, concerned] = (await old(2)) as [TestUser, TestUser]
    const elsewhere = await old(1)
    const [auditor] = (await old(1, 400, { role: 'Auditor' })) as [TestUser]
    await on(app, admin, 'enforce', {
      exempt: exempted.email,
      roleIds: await roleId(app.db, 'Fieldworker'),
      teamIds: await teamId(app.db, `Crew ${crews - 2}`),
    })
    await twoWorkers(app)
    expect(await expired([exempted, concerned, ...elsewhere, auditor])).toEqual([concerned.name])
  })

  test('is in the log: what it did, for which people, and how many are left', async () => {
    await old(2)
    await on(app, admin, 'enforce', { peopleADay: '1' })
    await twoWorkers(app)
    const page = textOf((await admin.get('/activity-log?event=automation_run')).text)
    expect(page).toContain('Enforce periodic reset: a run ended')
    expect(page).toContain('1 person asked for a new one. 1 left for another day. It acted for Dana Admin.')
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain(
      '1 person asked for a new one, 1 left for another day',
    )
  })

  test('started by hand runs with the permissions of that person, only if it is on, and not twice at once', async () => {
    const people = await old(1)
    const off = await press(admin, 'enforce')
    expect([off.status, textOf(off.text)]).toEqual([
      409,
      expect.stringContaining('“Enforce periodic reset” is off'),
    ])
    await switchTo(admin, 'enforce', 'on')
    expect((await press(admin, 'enforce')).status).toBe(303)
    expect((await press(admin, 'enforce')).status).toBe(409)
    await app.runJobs()
    expect(await expired(people)).toHaveLength(1)
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain('Dana Admin by hand')
  })

  test('stops once someone turns it off', async () => {
    const people = await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await switchTo(admin, 'enforce', 'off')
    await app.runJobs()
    expect(await expired(people)).toEqual([])
    expect(await runs(app, 'enforce')).toMatchObject([{ people: 0, stop_reason: { code: 'turned_off' } }])
  })

  test('without a job gets one again', async () => {
    const people = await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await run(app.db, sql`delete from graphile_worker._private_jobs`)
    await app.runJobs()
    expect(await expired(people)).toEqual([])
    await app.startAutomations()
    await app.runJobs()
    expect(await expired(people)).toHaveLength(1)
  })

  test('that fails says so, tries again, and ends after the last attempt', async () => {
    const owner = ownerOf(app.connectionString)
    await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await administer(owner, 'alter table automation_actions add constraint broken check (false) not valid')
    await app.runJobs()
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain('Trying again: An internal error.')
    await run(
      app.db,
      sql`update graphile_worker._private_jobs set run_at = now(), attempts = max_attempts - 1`,
    )
    await app.runJobs()
    await administer(owner, 'alter table automation_actions drop constraint broken')
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain('Stopped: An internal error.')
    expect(textOf((await admin.get('/activity-log?event=automation_run')).text)).toContain('a run broke off')
  })
})

describe('the preview', () => {
  test('names the people it would act on, says how many wait and how many are out of scope, and does nothing', async () => {
    const people = await old(3)
    const [owner] = (await old(1, 400, { role: 'Owner' })) as [TestUser]
    await save(admin, 'enforce', { peopleADay: '2' })
    const page = textOf((await admin.get(`${list}/enforce?preview=1`)).text)
    expect(page).toContain('Preview: 3 people')
    expect(page).toContain('At most 2 people a day')
    expect(page).toContain('1 more person is due, but you may not do this to them.')
    for (const { name } of people) expect(page).toContain(name)
    expect(page).not.toContain(owner.name)
    expect(textOf((await admin.get(list)).text)).toContain('Preview: 3 people')
    expect(await expired([...people, owner])).toEqual([])
  })
})

describe('it runs with the permissions of the person who turned it on', () => {
  test('and does not act on people out of their scope', async () => {
    const [owner] = (await old(1, 400, { role: 'Owner' })) as [TestUser]
    const people = await old(1)
    await on(app, admin, 'enforce')
    await twoWorkers(app)
    expect(await expired([owner, ...people])).toEqual(names(people))
    await on(app, await app.as('owner'), 'enforce')
    await twoWorkers(app)
    expect(await expired([owner])).toEqual([owner.name])
  })

  test('and stops with a message when they lose them', async () => {
    const people = await old(1)
    const eve = await app.createUser({ name: 'Eve Admin', role: 'Admin' })
    await on(app, await app.signIn(eve), 'enforce')
    await run(app.db, sql`update users set role_id = ${await roleId(app.db, 'Auditor')} where id = ${eve.id}`)
    await twoWorkers(app)
    expect(await expired(people)).toEqual([])
    expect(await isOn(app, 'enforce')).toEqual({
      switched_on: false,
      stop_reason: { code: 'not_allowed', name: 'Eve Admin' },
    })
    expect(textOf((await admin.get(list)).text)).toContain('It switched itself off')
    expect(await runs(app, 'enforce')).toMatchObject([
      { people: 0, stop_reason: { code: 'not_allowed', name: 'Eve Admin' } },
    ])
  })

  test.each(['blocked', 'inactive'])('and stops when they are %s', async (status) => {
    const eve = await app.createUser({ name: 'Ivy Admin', role: 'Admin' })
    await on(app, await app.signIn(eve), 'dormant')
    await run(app.db, sql`update users set status = ${status} where id = ${eve.id}`)
    await twoWorkers(app)
    expect((await isOn(app, 'dormant')).switched_on).toBe(false)
  })
})

describe('a person without the permission for what an automation does', () => {
  test('can neither set it up nor turn it on, but can turn it off', async () => {
    await customRole(app.db, 'Mail desk', ['users.view', 'campaigns.manage', 'automations.manage'])
    const desk = await app.signIn(await app.createUser({ name: 'Mia Maildesk', role: 'Mail desk' }))
    await switchTo(admin, 'enforce', 'on')
    for (const answer of [
      await save(desk, 'enforce'),
      await switchTo(desk, 'dormant', 'on'),
      await press(desk, 'enforce'),
    ])
      expect([answer.status, textOf(answer.text)]).toEqual([
        403,
        expect.stringContaining('needs more access than you have'),
      ])
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain('Acts for Dana Admin')
    expect((await switchTo(desk, 'enforce', 'off')).status).toBe(303)
  })
})

describe('dormant accounts', () => {
  const dormant = async (name: string, days: number, role = 'Fieldworker') => {
    const who = await app.createUser({ name, role })
    await run(
      app.db,
      sql`update users set last_sign_in_at = now() - make_interval(days => ${days}),
      status_changed_at = now() - interval '2 years', created_at = now() - interval '2 years' where id = ${who.id}`,
    )
    return who
  }

  test('are made inactive, recorded in the log, and reported to the person who turned it on', async () => {
    const [gone, here] = [await dormant('Gus Gone', 91), await dormant('Hal Here', 89)]
    await on(app, admin, 'dormant')
    await twoWorkers(app)
    expect([(await credential(app.db, gone)).status, (await credential(app.db, here)).status]).toEqual([
      'inactive',
      'active',
    ])
    expect(await activityFor(app.db, gone, 'user_deactivated')).toMatchObject([
      {
        actor_id: null,
        details: {
          automation: 'Dormant accounts',
          acts_for: 'Dana Admin',
          before: 'active',
          after: 'inactive',
        },
      },
    ])
    const [email] = await app.emailsTo(app.cast.admin)
    expect(email).toMatchObject({
      template: 'accounts_made_inactive',
      subject: '1 dormant account made inactive',
    })
    expect(email?.text).toContain('Gus Gone')
  })

  test('that were reactivated lately, chose a password or are in use stay active', async () => {
    const [back, busy, chose] = [
      await dormant('Bea Back', 200),
      await dormant('Bo Busy', 200),
      await dormant('Cleo Chose', 200),
    ]
    await run(
      app.db,
      sql`update users set password_method = 'reset_link', password_changed_at = now() where id = ${chose.id}`,
    )
    await run(
      app.db,
      sql`update users set status_changed_at = now() - interval '3 days' where id = ${back.id}`,
    )
    await app.signIn(busy, true)
    await run(
      app.db,
      sql`update users set last_sign_in_at = now() - interval '200 days' where id = ${busy.id}`,
    )
    await on(app, admin, 'dormant')
    await twoWorkers(app)
    for (const who of [back, busy, chose]) expect((await credential(app.db, who)).status).toBe('active')
  })

  test('never include the last active Owner', async () => {
    const owner = await app.as('owner')
    const others = await many(
      app.db,
      z.object({ id: z.string() }),
      sql`select u.id from users u join roles r on r.id = u.role_id
      where r.name = 'Owner' and u.id <> ${app.cast.owner.id}`,
    )
    for (const { id } of others) await run(app.db, sql`update users set status = 'inactive' where id = ${id}`)
    await dormant('Oda Owner', 200, 'Owner')
    await on(app, owner, 'dormant')
    await run(
      app.db,
      sql`update users set last_sign_in_at = now() - interval '2 years', status_changed_at = now() - interval '2 years',
      created_at = now() - interval '2 years' where id = ${app.cast.owner.id}`,
    )
    await twoWorkers(app)
    expect((await credential(app.db, app.cast.owner)).status).toBe('active')
    expect((await isOn(app, 'dormant')).switched_on).toBe(true)
  })
})

describe('temporary passwords that expire', () => {
  const setExpired = async (setter: HttpClient, who: TestUser) => {
    const newPassword = `violin trunk ${who.email.slice(0, 12)}`
    const fields = { newPassword, confirmPassword: newPassword, mustChange: '1' }
    expect((await setter.post(`/users/${who.id}/password`, fields)).status).toBe(303)
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() - interval '1 minute' where id = ${who.id}`,
    )
  }
  const reportsTo = async (who: TestUser) =>
    (await app.emailsTo(who)).filter(({ template }) => template === 'temporary_passwords_expired')

  test('are reported once to the person who set them, or else to the person who turned it on', async () => {
    const [tom, lou] = [app.cast.dispatcher, await app.createUser({ name: 'Lou Leaver', role: 'Admin' })]
    const [mine, theirs] = [
      await app.createUser({ name: 'Mia Mine', role: 'Fieldworker', team: 'North' }),
      await app.createUser({ name: 'Theo Theirs', role: 'Fieldworker', team: 'North' }),
    ]
    await setExpired(await app.signIn(tom), mine)
    await setExpired(await app.signIn(lou), theirs)
    await run(app.db, sql`update users set status = 'inactive' where id = ${lou.id}`)
    await app.expireTemporaryPasswords()
    await on(app, admin, 'temporary')
    await twoWorkers(app)
    await anHourLater(app)
    await twoWorkers(app)
    expect(
      (await reportsTo(tom)).map(({ text }) => [text.includes('Mia Mine'), text.includes('Theo Theirs')]),
    ).toEqual([[true, false]])
    expect((await reportsTo(app.cast.admin)).map(({ text }) => text.includes('Theo Theirs'))).toEqual([true])
    expect(await reportsTo(lou)).toEqual([])
  })
})
