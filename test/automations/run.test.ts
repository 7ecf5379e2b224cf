import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/foundation/db.ts'
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
import { testHouse } from '../support/house.ts'
import { credential, logged, type Somebody } from '../support/people.ts'
import { customRole, roleId, teamId } from '../support/roles.ts'
import { administer } from '../support/test-server.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()

let admin: Visitor
beforeAll(async () => {
  admin = await house.as('admin')
})
// Each test begins with automations as they come, and nobody due but those it adds.
beforeEach(async () => {
  await run(house.db, sql`delete from automation_runs`)
  await run(house.db, sql`delete from automation_exemptions`)
  await run(
    house.db,
    sql`update automations set switched_on = false, role_ids = '{}', team_ids = '{}', stopped_because = null`,
  )
  await run(
    house.db,
    sql`update users set password_changed_at = now(), last_sign_in_at = now(), created_at = now(),
    status_changed_at = now(), password_expired_at = null, password_grace_until = null`,
  )
})

let crews = 0
async function old(size: number, days = 400, traits: Partial<{ role: string; team: string }> = {}) {
  const crew = ++crews
  const people: Somebody[] = []
  for (let i = 0; i < size; i++) {
    const who = await house.add({
      name: `Olga Crew ${crew} ${i}`,
      role: 'Fieldworker',
      team: `Crew ${crew}`,
      ...traits,
    })
    await ageOfPassword(house, who, days + size - i)
    people.push(who)
  }
  return people
}
const expired = async (people: Somebody[]) => {
  const found: string[] = []
  for (const who of people)
    if ((await logged(house.db, who, 'password_expired')).length > 0) found.push(who.name)
  return found
}
const names = (people: Somebody[]) => people.map(({ name }) => name)

describe('a run', () => {
  test('comes once in its turn, however many workers there are, and each person once with it', async () => {
    const people = await old(5)
    await on(house, admin, 'enforce')
    await twoWorkers(house)
    expect(await runs(house, 'enforce')).toEqual([
      { automation: 'enforce', people: 5, left_over: 0, error: null },
    ])
    for (const who of people) expect(await logged(house.db, who, 'password_expired')).toHaveLength(1)
    await twoWorkers(house)
    expect(await runs(house, 'enforce')).toHaveLength(1)
    await anHourLater(house)
    await twoWorkers(house)
    expect((await runs(house, 'enforce')).map(({ people }) => people)).toEqual([0, 5])
  })

  test('does not make up for a turn from before it was switched on', async () => {
    await old(1)
    await save(admin, 'enforce')
    await admin.post(`${list}/enforce/switch`, { to: 'on', reason: 'From now on' }, `${list}/enforce`)
    await house.startAutomations()
    expect(await runs(house, 'enforce')).toEqual([])
  })

  test('touches as many people a day as it was told, those who are due the longest first', async () => {
    const people = await old(5)
    await on(house, admin, 'enforce', { peopleADay: '2' })
    await twoWorkers(house)
    expect(await expired(people)).toEqual(names(people.slice(0, 2)))
    expect(await runs(house, 'enforce')).toMatchObject([{ people: 2, left_over: 3 }])

    await press(admin, 'enforce')
    await house.work()
    expect(await runs(house, 'enforce')).toMatchObject([{ people: 0, left_over: 3 }, {}])

    await aDayLater(house)
    await twoWorkers(house)
    expect(await expired(people)).toEqual(names(people.slice(0, 4)))
  })

  test('passes over whom it does not concern: exempted, of another role, of another team', async () => {
    const [exempted, concerned] = (await old(2)) as [Somebody, Somebody]
    const elsewhere = await old(1)
    const [auditor] = (await old(1, 400, { role: 'Auditor' })) as [Somebody]
    await on(house, admin, 'enforce', {
      exempt: exempted.email,
      roleIds: await roleId(house.db, 'Fieldworker'),
      teamIds: await teamId(house.db, `Crew ${crews - 2}`),
    })
    await twoWorkers(house)
    expect(await expired([exempted, concerned, ...elsewhere, auditor])).toEqual([concerned.name])
  })

  test('is told in the log: what it did, for whom, and what it left', async () => {
    await old(2)
    await on(house, admin, 'enforce', { peopleADay: '1' })
    await twoWorkers(house)
    const said = words((await admin.get('/activity-log?event=automation_run')).text)
    expect(said).toContain('Enforce periodic reset: a run ended')
    expect(said).toContain('1 person asked for a new one. 1 left for another day. It acted for Dana Admin.')
    expect(words((await admin.get(`${list}/enforce`)).text)).toContain(
      '1 person asked for a new one, 1 left for another day',
    )
  })

  test('that somebody presses acts with their rights, once it is on, and not twice at once', async () => {
    const people = await old(1)
    const off = await press(admin, 'enforce')
    expect([off.status, words(off.text)]).toEqual([
      409,
      expect.stringContaining('“Enforce periodic reset” is off'),
    ])
    await switchTo(admin, 'enforce', 'on')
    expect((await press(admin, 'enforce')).status).toBe(303)
    expect((await press(admin, 'enforce')).status).toBe(409)
    await house.work()
    expect(await expired(people)).toHaveLength(1)
    expect(words((await admin.get(`${list}/enforce`)).text)).toContain('Dana Admin by hand')
  })

  test('goes no further once somebody switches it off', async () => {
    const people = await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await switchTo(admin, 'enforce', 'off')
    await house.work()
    expect(await expired(people)).toEqual([])
    expect(await runs(house, 'enforce')).toMatchObject([
      { people: 0, error: 'It was switched off meanwhile.' },
    ])
  })

  test('that no job works on any more is taken up again', async () => {
    const people = await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await run(house.db, sql`delete from graphile_worker._private_jobs`)
    await house.work()
    expect(await expired(people)).toEqual([])
    await house.startAutomations()
    await house.work()
    expect(await expired(people)).toHaveLength(1)
  })

  test('that fails says so, tries again, and is over after the last attempt', async () => {
    const owner = ownerOf(house.connectionString)
    await old(1)
    await switchTo(admin, 'enforce', 'on')
    await press(admin, 'enforce')
    await administer(owner, 'alter table automation_deeds add constraint broken check (false) not valid')
    await house.work()
    expect(words((await admin.get(`${list}/enforce`)).text)).toContain('Tries again: A fault on our side')
    await run(
      house.db,
      sql`update graphile_worker._private_jobs set run_at = now(), attempts = max_attempts - 1`,
    )
    await house.work()
    await administer(owner, 'alter table automation_deeds drop constraint broken')
    expect(words((await admin.get(`${list}/enforce`)).text)).toContain('Broke off: A fault on our side')
    expect(words((await admin.get('/activity-log?event=automation_run')).text)).toContain('a run broke off')
  })
})

describe('the preview', () => {
  test('names whom it would concern, says how many wait and who is out of reach, and does nothing', async () => {
    const people = await old(3)
    const [owner] = (await old(1, 400, { role: 'Owner' })) as [Somebody]
    await save(admin, 'enforce', { peopleADay: '2' })
    const said = words((await admin.get(`${list}/enforce?preview=1`)).text)
    expect(said).toContain('Preview: 3 people')
    expect(said).toContain('At most 2 people a day')
    expect(said).toContain('1 more person is due, but you may not do this to them.')
    for (const { name } of people) expect(said).toContain(name)
    expect(said).not.toContain(owner.name)
    expect(words((await admin.get(list)).text)).toContain('Preview: 3 people')
    expect(await expired([...people, owner])).toEqual([])
  })
})

describe('it acts with the rights of whoever switched it on', () => {
  test('and so never touches whom they could not', async () => {
    const [owner] = (await old(1, 400, { role: 'Owner' })) as [Somebody]
    const people = await old(1)
    await on(house, admin, 'enforce')
    await twoWorkers(house)
    expect(await expired([owner, ...people])).toEqual(names(people))
    await on(house, await house.as('owner'), 'enforce')
    await twoWorkers(house)
    expect(await expired([owner])).toEqual([owner.name])
  })

  test('and stops when they lose them, saying so', async () => {
    const people = await old(1)
    const eve = await house.add({ name: 'Eve Admin', role: 'Admin' })
    await on(house, await house.signIn(eve), 'enforce')
    await run(
      house.db,
      sql`update users set role_id = ${await roleId(house.db, 'Auditor')} where id = ${eve.id}`,
    )
    await twoWorkers(house)
    expect(await expired(people)).toEqual([])
    expect(await isOn(house, 'enforce')).toEqual({
      switched_on: false,
      stopped_because: 'Eve Admin may not do this any more.',
    })
    expect(words((await admin.get(list)).text)).toContain('It switched itself off')
    expect(await runs(house, 'enforce')).toMatchObject([
      { people: 0, error: 'Eve Admin may not do this any more.' },
    ])
  })

  test.each(['blocked', 'inactive'])('and when they are %s', async (status) => {
    const eve = await house.add({ name: 'Ivy Admin', role: 'Admin' })
    await on(house, await house.signIn(eve), 'dormant')
    await run(house.db, sql`update users set status = ${status} where id = ${eve.id}`)
    await twoWorkers(house)
    expect((await isOn(house, 'dormant')).switched_on).toBe(false)
  })
})

describe('whoever may not do by hand what an automation does', () => {
  test('neither sets it nor switches it on, but may switch it off', async () => {
    await customRole(house.db, 'Mail desk', ['users.view', 'campaigns.manage', 'automations.manage'])
    const desk = await house.signIn(await house.add({ name: 'Mia Maildesk', role: 'Mail desk' }))
    await switchTo(admin, 'enforce', 'on')
    for (const answer of [
      await save(desk, 'enforce'),
      await switchTo(desk, 'dormant', 'on'),
      await press(desk, 'enforce'),
    ])
      expect([answer.status, words(answer.text)]).toEqual([
        403,
        expect.stringContaining('does more than you may'),
      ])
    expect(words((await admin.get(`${list}/enforce`)).text)).toContain('Acts for Dana Admin')
    expect((await switchTo(desk, 'enforce', 'off')).status).toBe(303)
  })
})

describe('dormant accounts', () => {
  const dormant = async (name: string, days: number, role = 'Fieldworker') => {
    const who = await house.add({ name, role })
    await run(
      house.db,
      sql`update users set last_sign_in_at = now() - make_interval(days => ${days}),
      status_changed_at = now() - interval '2 years', created_at = now() - interval '2 years' where id = ${who.id}`,
    )
    return who
  }

  test('are made inactive, told in the log, and to whoever switched it on', async () => {
    const [gone, here] = [await dormant('Gus Gone', 91), await dormant('Hal Here', 89)]
    await on(house, admin, 'dormant')
    await twoWorkers(house)
    expect([(await credential(house.db, gone)).status, (await credential(house.db, here)).status]).toEqual([
      'inactive',
      'active',
    ])
    expect(await logged(house.db, gone, 'user_deactivated')).toMatchObject([
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
    const [letter] = await house.lettersTo(house.cast.admin)
    expect(letter).toMatchObject({
      template: 'accounts_made_inactive',
      subject: '1 dormant account made inactive',
    })
    expect(letter?.text).toContain('Gus Gone')
  })

  test('that came back this season, chose a password, or are in use, are left alone', async () => {
    const [back, busy, chose] = [
      await dormant('Bea Back', 200),
      await dormant('Bo Busy', 200),
      await dormant('Cleo Chose', 200),
    ]
    await run(
      house.db,
      sql`update users set password_method = 'reset_link', password_changed_at = now() where id = ${chose.id}`,
    )
    await run(
      house.db,
      sql`update users set status_changed_at = now() - interval '3 days' where id = ${back.id}`,
    )
    await house.signIn(busy, true)
    await run(
      house.db,
      sql`update users set last_sign_in_at = now() - interval '200 days' where id = ${busy.id}`,
    )
    await on(house, admin, 'dormant')
    await twoWorkers(house)
    for (const who of [back, busy, chose]) expect((await credential(house.db, who)).status).toBe('active')
  })

  test('never cost the company its last active Owner', async () => {
    const owner = await house.as('owner')
    const others = await many(
      house.db,
      z.object({ id: z.string() }),
      sql`select u.id from users u join roles r on r.id = u.role_id
      where r.name = 'Owner' and u.id <> ${house.cast.owner.id}`,
    )
    for (const { id } of others)
      await run(house.db, sql`update users set status = 'inactive' where id = ${id}`)
    await dormant('Oda Owner', 200, 'Owner')
    await on(house, owner, 'dormant')
    await run(
      house.db,
      sql`update users set last_sign_in_at = now() - interval '2 years', status_changed_at = now() - interval '2 years',
      created_at = now() - interval '2 years' where id = ${house.cast.owner.id}`,
    )
    await twoWorkers(house)
    expect((await credential(house.db, house.cast.owner)).status).toBe('active')
    expect((await isOn(house, 'dormant')).switched_on).toBe(true)
  })
})

describe('temporary passwords that die unused', () => {
  const given = async (setter: Visitor, who: Somebody) => {
    const newPassword = `violin trunk ${who.email.slice(0, 12)}`
    const fields = { newPassword, confirmPassword: newPassword, mustChange: '1' }
    expect((await setter.post(`/users/${who.id}/password`, fields)).status).toBe(303)
    await run(
      house.db,
      sql`update users set temporary_password_expires_at = now() - interval '1 minute' where id = ${who.id}`,
    )
  }
  const told = async (who: Somebody) =>
    (await house.lettersTo(who)).filter(({ template }) => template === 'temporary_passwords_died')

  test('are told to whoever set them, once, and else to whoever switched it on', async () => {
    const [tom, lou] = [house.cast.dispatcher, await house.add({ name: 'Lou Leaver', role: 'Admin' })]
    const [mine, theirs] = [
      await house.add({ name: 'Mia Mine', role: 'Fieldworker', team: 'North' }),
      await house.add({ name: 'Theo Theirs', role: 'Fieldworker', team: 'North' }),
    ]
    await given(await house.signIn(tom), mine)
    await given(await house.signIn(lou), theirs)
    await run(house.db, sql`update users set status = 'inactive' where id = ${lou.id}`)
    await house.buryTemporaryPasswords()
    await on(house, admin, 'temporary')
    await twoWorkers(house)
    await anHourLater(house)
    await twoWorkers(house)
    expect(
      (await told(tom)).map(({ text }) => [text.includes('Mia Mine'), text.includes('Theo Theirs')]),
    ).toEqual([[true, false]])
    expect((await told(house.cast.admin)).map(({ text }) => text.includes('Theo Theirs'))).toEqual([true])
    expect(await told(lou)).toEqual([])
  })
})
