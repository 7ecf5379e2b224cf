import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Db, run, sql } from '../../src/platform/db.ts'
import { longDay, dayAndTime } from '../../src/platform/web/dates.ts'
import { ageOfPassword, anHourLater, on, twoWorkers } from '../support/automations.ts'
import { rowsOf } from '../support/csv.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor } from '../support/people.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
let owner: Db

beforeAll(() => {
  owner = new Db(ownerOf(app.connectionString))
  return () => owner.close()
})
afterEach(() => vi.useRealTimers())

const itIs = (now: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })

/** Moments as a clock of that zone shows them, and what a page says of them at another moment. */
const moments: [zone: string, what: string, then: string, now: string, said: string][] = [
  // The night in which an hour is missing: 24 hours before Monday 00:30 it was Saturday 23:30.
  ['Europe/London', 'Saturday evening, on Monday', '2026-03-28T23:40Z', '2026-03-29T23:30Z', '28 Mar 2026'],
  ['Europe/London', 'Sunday, on Monday', '2026-03-29T08:00Z', '2026-03-29T23:30Z', 'Yesterday'],
  // The night that has an hour more: 24 hours before Sunday 23:30 it was Sunday 00:30.
  ['Europe/London', 'Saturday, on Sunday', '2026-10-24T12:00Z', '2026-10-25T23:30Z', 'Yesterday'],
  ['Europe/London', 'early on Sunday, on Sunday', '2026-10-24T23:10Z', '2026-10-25T23:30Z', 'Today'],
  ['Europe/London', 'Friday, on Sunday', '2026-10-23T12:00Z', '2026-10-25T23:30Z', '23 Oct 2026'],
  ['America/New_York', 'Saturday, on Monday', '2026-03-08T04:30Z', '2026-03-09T04:20Z', '7 Mar 2026'],
  ['America/New_York', 'Saturday, on Sunday', '2026-11-01T01:00Z', '2026-11-02T04:30Z', 'Yesterday'],
  // Lord Howe Island changes by half an hour.
  ['Australia/Lord_Howe', 'Saturday, on Monday', '2026-10-03T13:20Z', '2026-10-04T13:10Z', '3 Oct 2026'],
  ['Australia/Lord_Howe', 'Saturday, on Sunday', '2026-04-04T10:00Z', '2026-04-05T13:15Z', 'Yesterday'],
  ['Asia/Kathmandu', 'a day before', '2026-05-10T18:14Z', '2026-05-10T18:16Z', 'Yesterday'],
  ['Asia/Kathmandu', 'the same day', '2026-05-10T18:16Z', '2026-05-11T18:14Z', 'Today'],
  // Midnight itself was skipped there.
  ['America/Sao_Paulo', 'Saturday, on Monday', '2018-11-04T02:30Z', '2018-11-05T02:20Z', '3 Nov 2018'],
  ['America/Sao_Paulo', 'Saturday, on Sunday', '2018-02-17T20:00Z', '2018-02-19T02:30Z', 'Yesterday'],
  // Ramadan suspends summer time there.
  ['Africa/Casablanca', 'Saturday, on Monday', '2026-03-21T23:30Z', '2026-03-22T23:20Z', '21 Mar 2026'],
  ['Africa/Casablanca', 'Friday, on Sunday', '2026-03-20T22:00Z', '2026-03-22T23:20Z', '20 Mar 2026'],
  ['UTC', 'the last day of a leap February', '2028-02-29T12:00Z', '2028-03-01T12:00Z', 'Yesterday'],
  ['UTC', 'New Year’s Eve', '2026-12-31T23:59Z', '2027-01-01T00:01Z', 'Yesterday'],
  ['UTC', 'tomorrow', '2027-01-02T00:01Z', '2027-01-01T23:59Z', '2 Jan 2027'],
]

describe('near days', () => {
  test.each(moments)('are days of the calendar in %s: %s (fault 37)', (zone, _what, then, now, said) => {
    itIs(now)
    expect(dayAndTime(new Date(then), zone).split(',')[0]).toBe(said)
    expect(longDay(new Date(then), zone).startsWith(said)).toBe(said.length < 10)
  })

  test('on a page, Saturday is not yesterday on the Monday after the clocks changed (fault 37)', async () => {
    const { id } = app.cast.sam
    const admin = await app.as('admin')
    await run(app.db, sql`update company set time_zone = 'Europe/London'`)
    await run(app.db, sql`update users set last_sign_in_at = '2026-03-28T23:40Z' where id = ${id}`)
    itIs('2026-03-29T23:30:00Z')
    const saturday = textOf((await admin.get(`/fieldworkers/${id}`).expect(200)).text)
    expect(saturday).toContain('28 Mar 2026, 23:40')
    expect(saturday).not.toContain('Yesterday, 23:40')
    vi.useRealTimers()
    await run(app.db, sql`update company set time_zone = 'UTC'`)
  })
})

/** Where the clock goes back over midnight, a day begins twice; where it goes forward over it, it begins at one. */
const days: [zone: string, day: string, before: string, first: string, last: string, after: string][] = [
  ['Atlantic/Azores', '2026-10-25', '23:59Z 24', '00:00Z 25', '00:59Z 26', '01:00Z 26'],
  ['America/Havana', '2026-11-01', '03:59Z 1', '04:00Z 1', '04:59Z 2', '05:00Z 2'],
  ['America/Sao_Paulo', '2018-11-04', '02:59Z 4', '03:00Z 4', '01:59Z 5', '02:00Z 5'],
  ['Europe/London', '2026-03-29', '23:59Z 28', '00:00Z 29', '22:59Z 29', '23:00Z 29'],
  ['Europe/London', '2026-10-25', '22:59Z 24', '23:00Z 24', '23:59Z 25', '00:00Z 26'],
  ['America/New_York', '2026-03-08', '04:59Z 8', '05:00Z 8', '03:59Z 9', '04:00Z 9'],
  ['Australia/Lord_Howe', '2026-04-05', '12:59Z 4', '13:00Z 4', '13:29Z 5', '13:30Z 5'],
  ['Asia/Kathmandu', '2026-05-11', '18:14Z 10', '18:15Z 10', '18:14Z 11', '18:15Z 11'],
]

describe('the days of the log’s filter', () => {
  test.each(days)(
    'begin and end with the day of the company in %s, %s (fault 37)',
    async (zone, day, ...at) => {
      const [before, first, last, after] = at.map((short) => momentOf(day, short))
      const auditor = await app.as('auditor')
      for (let n = 0; n < 4; n++) await app.as('sam')
      await ageNewest([before, first, last, after])
      await run(app.db, sql`update company set time_zone = ${zone}`)
      const { text } = await auditor.get(`/activity-log.csv?event=sign_in&from=${day}&to=${day}`).expect(200)
      await run(app.db, sql`update company set time_zone = 'UTC'`)
      expect(rowsOf(text).map(({ timestamp }) => timestamp)).toEqual([last, first])
      await ageNewest(['2011-01-01T00:00:00.000Z'].concat(Array(3).fill('2011-01-01T00:00:01.000Z')))
    },
  )
})

/** “03:59Z 1” of the month of a day; a day at the end of the month may be followed by one of the next. */
function momentOf(day: string, short: string): string {
  const [clock = '', date = ''] = short.split(' ')
  return `${day.slice(0, 8)}${date.padStart(2, '0')}T${clock.replace('Z', ':00.000Z')}`
}

/** The last four sign-ins of Sam happened then. */
async function ageNewest(moments: (string | undefined)[]) {
  await run(owner, sql`alter table activity_log disable trigger never_changed`)
  await run(
    owner,
    sql`update activity_log l set at = m.at from unnest(${moments}::timestamptz[]) with ordinality m(at, n),
          (select seq, row_number() over (order by seq) n from (select seq from activity_log
            where event = 'sign_in' and actor_id = ${app.cast.sam.id} order by seq desc limit 4) newest) s
        where l.seq = s.seq and m.n = s.n`,
  )
  await run(owner, sql`alter table activity_log enable trigger never_changed`)
}

describe('days ahead', () => {
  test('are counted by the calendar of the company, however late in the day the password expires (fault 37)', async () => {
    const admin = await app.as('admin')
    const late = await app.createUser({ name: 'Lou Late', role: 'Fieldworker' })
    await on(app, admin, 'reminder', { daysAhead: '7' })
    await ageOfPassword(app, late, 300)
    // The password expires at the last minute of the seventh day from now.
    await run(
      app.db,
      sql`update users set password_changed_at = (now() at time zone 'UTC')::date + time '23:59' - interval '358 days'
          where id = ${late.id}`,
    )
    await anHourLater(app)
    await twoWorkers(app)
    expect(await activityFor(app.db, late, 'password_expiry_reminder_sent')).toHaveLength(1)
  })
})
