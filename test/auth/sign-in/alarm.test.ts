import { beforeEach, describe, expect, test } from 'vitest'
import { many, run, sql } from '../../../src/platform/db.ts'
import { z } from 'zod'
import { createTestApp } from '../../support/test-app.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp()

beforeEach(() => run(app.db, sql`delete from rate_limits`))

const fail = async () => {
  const fields = { email: `nobody.${crypto.randomUUID()}@firm.test`, password: 'wrong' }
  expect((await app.client().post('/sign-in', fields)).status).toBe(422)
}
const failed = (count: number) =>
  run(
    app.db,
    sql`insert into activity_log (event, category) select 'sign_in_failed', 'security' from generate_series(1, ${count})`,
  )
const alarms = () =>
  many(
    app.db,
    z.object({ subject_id: z.null(), details: z.looseObject({}) }),
    sql`select subject_id, details from activity_log where details ? 'alarm' order by seq`,
  )

describe('when sign-ins fail across the company', () => {
  test('the two hundredth and first in a minute is an alarm in the activity log, once', async () => {
    await fail()
    await failed(198)
    await fail()
    expect(await alarms()).toEqual([])
    await fail()
    const alarm = { reason: 'many_failures', failures: 200, network: false, alarm: true }
    expect(await alarms()).toEqual([{ subject_id: null, details: alarm }])
    await Promise.all([fail(), fail(), fail()])
    expect(await alarms()).toHaveLength(1)
    const page = textOf((await (await app.as('auditor')).get('/activity-log?event=sign_in_throttled')).text)
    expect(page).toContain('Sign-ins fail in unusual numbers')
    expect(page).toContain('More than 200 sign-ins failed within a minute')
  })
})
