import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/platform/db.ts'
import { aDayLater, isOn, list, press, runs, save, switchTo, type Key } from '../support/automations.ts'
import { createTestApp } from '../support/test-app.ts'
import { customRole, roleId, teamId } from '../support/roles.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const keys: Key[] = ['temporary', 'reminder', 'enforce', 'dormant']

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

const policyChanges = () =>
  many(
    app.db,
    z.object({ setting: z.string(), before: z.string(), after: z.string(), reason: z.string().nullable() }),
    sql`select details->>'setting' as setting, details->>'before' as before, details->>'after' as after,
          details->>'reason' as reason from activity_log where event = 'policy_changed' order by seq desc`,
  )

describe('an automation', () => {
  test('is off until someone turns it on, and does nothing while off', async () => {
    const page = textOf((await admin.get(list)).text)
    for (const name of [
      'Temporary passwords that die unused',
      'Password expiry reminder',
      'Enforce periodic reset',
      'Dormant accounts',
    ])
      expect(page).toContain(name)
    expect(page.match(/To switch on Give a reason/g)).toHaveLength(4)
    await aDayLater(app)
    await app.startAutomations()
    for (const key of keys) expect(await runs(app, key)).toEqual([])
  })

  test('can only be turned on with a reason, which is kept with the name of that person', async () => {
    const answer = await switchTo(admin, 'dormant', 'on', '   ')
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('Enter why you turn it on, in a few words.'),
    ])
    expect((await isOn(app, 'dormant')).switched_on).toBe(false)

    const asked = textOf((await admin.get(`${list}/dormant?switch=on`)).text)
    expect(asked).toContain('Say why, then switch it on.')
    expect(asked).not.toContain('Enter why you turn it on')
    const fromList = await admin.post(`${list}/dormant/switch`, { to: 'on' }, list)
    expect([fromList.status, textOf(fromList.text)]).toEqual([
      422,
      expect.stringContaining('Enter why you turn it on, in a few words.'),
    ])

    const answered = await switchTo(admin, 'dormant', 'on', 'Our insurer asks for it')
    expect([answered.status, answered.headers.location]).toEqual([303, `${list}/dormant`])
    const page = textOf((await admin.get(`${list}/dormant`)).text)
    for (const part of ['by Dana Admin', 'Our insurer asks for it', 'Acts for Dana Admin'])
      expect(page).toContain(part)
    expect((await policyChanges())[0]).toEqual({
      setting: 'Dormant accounts',
      before: 'off',
      after: 'on',
      reason: 'Our insurer asks for it',
    })
    expect(textOf((await admin.get('/activity-log?event=policy_changed')).text)).toContain(
      'From off to on. Reason: “Our insurer asks for it”.',
    )
  })

  test('is turned off without a reason, also from the list', async () => {
    await switchTo(admin, 'dormant', 'on')
    expect((await admin.post(`${list}/dormant/switch`, { to: 'off' }, list)).status).toBe(303)
    expect((await isOn(app, 'dormant')).switched_on).toBe(false)
    expect((await policyChanges())[0]).toMatchObject({
      setting: 'Dormant accounts',
      before: 'on',
      after: 'off',
    })
  })

  test('shows the warning of NIST and OWASP if it makes passwords expire', async () => {
    expect(textOf((await admin.get(`${list}/enforce`)).text)).toContain('NIST and OWASP advise against this')
    expect(textOf((await admin.get(list)).text).match(/advise against this/g)).toHaveLength(1)
  })
})

describe('settings', () => {
  const faults: [Key, Record<string, string | string[]>, string][] = [
    ['enforce', { days: '29' }, 'Enter a whole number of days from 30 to 1,095.'],
    ['enforce', { graceHours: '73' }, 'Enter a whole number of hours from 1 to 72.'],
    ['dormant', { peopleADay: '0' }, 'Enter a whole number of people from 1 to 10,000.'],
    ['dormant', { runAt: '24:00' }, 'Enter a time such as 07:00.'],
    ['dormant', { every: 'fortnight' }, 'Choose an option.'],
    ['reminder', { daysAhead: '14, soon' }, 'Enter one to five numbers of days from 1 to 90'],
    ['reminder', { daysAhead: '1 2 3 4 5 6' }, 'Enter one to five numbers of days from 1 to 90'],
    [
      'dormant',
      { exempt: 'sam@firm.test\nnobody.here@firm.test' },
      'No account has the address nobody.here@firm.test.',
    ],
    ['dormant', { exempt: 'sam' }, '“sam” is not an email address.'],
    ['dormant', { roleIds: 'Owner' }, 'Choose from the list'],
    [
      'dormant',
      { roleIds: '00000000-0000-4000-8000-000000000000' },
      'A role that you selected no longer exists.',
    ],
    [
      'dormant',
      { teamIds: '00000000-0000-4000-8000-000000000000' },
      'A team that you selected no longer exists.',
    ],
  ]
  test.each(faults)('of %s are checked: %o', async (key, fields, message) => {
    const before = await policyChanges()
    const answer = await save(admin, key, fields)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect(await policyChanges()).toEqual(before)
  })

  test('that are invalid are shown as typed', async () => {
    const { text } = await save(admin, 'enforce', { days: '29', exempt: 'sam@firm.test' })
    expect(text).toMatch(/name="days"[^>]*value="29"/)
    expect(text).toContain('>sam@firm.test</textarea>')
  })

  test('are saved, shown again, and each change is an event', async () => {
    const [role, team] = [await roleId(app.db, 'Fieldworker'), await teamId(app.db, 'North')]
    const fields = { days: '120', exempt: 'SAM@firm.test, otto@firm.test', roleIds: role, teamIds: [team] }
    expect((await save(admin, 'dormant', { ...fields, every: 'weekday' })).status).toBe(303)
    const { text } = await admin.get(`${list}/dormant`)
    expect(text).toContain('otto@firm.test\nsam@firm.test</textarea>')
    expect(text).toMatch(new RegExp(`value="${role}" checked`))
    const changes = (await policyChanges())
      .slice(0, 4)
      .map(({ setting, before, after }) => [setting, before, after])
    expect(changes.sort()).toEqual([
      ['Dormant accounts, age', '90 days', '120 days'],
      ['Dormant accounts, exempt', 'no one', 'otto@firm.test, sam@firm.test'],
      ['Dormant accounts, roles', 'all', 'Fieldworker'],
      ['Dormant accounts, teams', 'all', 'North'],
    ])
  })

  test('that someone else saved meanwhile are not overwritten', async () => {
    const stale = await save(admin, 'temporary', { version: '0' })
    expect([stale.status, textOf(stale.text)]).toEqual([
      422,
      expect.stringContaining('changed this automation meanwhile'),
    ])
  })

  test('of an automation that is on make it run as the person who saved them', async () => {
    await switchTo(admin, 'temporary', 'on')
    await save(await app.as('owner'), 'temporary', { peopleADay: '7' })
    expect(textOf((await admin.get(`${list}/temporary`)).text)).toContain('Acts for Olivia Owner')
  })
})

describe('permissions', () => {
  test('a person with only a team role is refused', async () => {
    const tinaUser = await app.createUser({ name: 'Tina Team', role: 'Dispatcher', team: 'North' })
    const narrow = await customRole(
      app.db,
      'Team automator',
      ['automations.manage', 'passwords.change'],
      'team',
    )
    await run(app.db, sql`update users set role_id = ${narrow} where id = ${tinaUser.id}`)
    const tina = await app.signIn(tinaUser)
    expect((await tina.get(list)).status).toBe(403)
    expect(
      (await tina.post(`${list}/dormant/switch`, { to: 'on', reason: 'why not' }, '/account')).status,
    ).toBe(403)
    expect((await tina.post(`${list}/dormant/runs`, {}, '/account')).status).toBe(403)
  })

  test('the password is asked for first when it was not entered recently', async () => {
    const dana = await app.as('admin')
    await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
    for (const answer of [
      await switchTo(dana, 'dormant', 'on'),
      await press(dana, 'dormant'),
      await save(dana, 'dormant'),
    ])
      expect(answer.headers.location).toMatch(/^\/confirm-password\?next=%2Fautomations%2Fsecurity%2Fdormant/)
    await run(app.db, sql`update sessions set reauthenticated_at = now()`)
  })

  test('an unknown automation is not found', async () => {
    expect((await admin.get(`${list}/weather`)).status).toBe(404)
  })
})
