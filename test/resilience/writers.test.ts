import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { record } from '../../src/activity/record.ts'
import { Db, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import type { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }
const writers = 8
let db: Db

beforeAll(() => {
  db = new Db(app.connectionString, { max: writers })
})
afterAll(() => db.close())

/** Each writer does so many actions, one after the other, all writers at once. */
const allAtOnce = (actions: number, action: (writer: number, i: number) => Promise<unknown>) =>
  Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; i < actions; i++) await action(writer, i)
    }),
  )

const size = (emails: number) => async (writer: number) => {
  const details = { reason: 'wrong_password', note: `${writer}`.repeat(emails) } as const
  await db.transaction(async (tx) => record(tx, nobody, { event: 'sign_in_failed', details }))
}

/** Half of them record before they lock the row, half after: only a record that is written last can take that. */
async function change(writer: number) {
  const { sam } = app.cast
  await db.transaction(async (tx) => {
    const note = () => record(tx, nobody, { event: 'user_updated', subject: sam })
    if (writer % 2) note()
    await run(tx, sql`update users set phone = ${`+00 ${writer}`} where id = ${sam.id}`)
    note()
  })
}

test('many writers at once leave one chain without gaps, and none waits for another in vain', async () => {
  const { sam, otto } = app.cast
  const offices: HttpClient[] = []
  while (offices.length < writers) offices.push(await app.as('admin'))
  const tokens = await Promise.all(offices.map((office) => office.token('/account/password')))
  const before = await countOf()

  await allAtOnce(200, size(1))
  await allAtOnce(200, size(2_000))
  await allAtOnce(50, change)
  await allAtOnce(12, async (writer, i) => {
    const { id } = (writer + i) % 2 ? sam : otto
    const fields = { _csrf: tokens[writer] ?? '', name: `Writer ${writer} ${i}` }
    const answer = await offices[writer]?.postBare(`/users/${id}/details`, fields)
    expect(answer?.status).toBe(303)
  })

  const { entries, head, fault } = await checkChain(app.db)
  expect(fault).toBeNull()
  expect(String(entries)).toBe(head.seq) // as many as the number of the last: no gaps
  expect(entries - before).toBeGreaterThanOrEqual(writers * (200 + 200 + 50 + 12))
  expect(await deadlocks()).toBe(0)
})

const Count = z.object({ count: z.coerce.number() })

const countOf = async () => (await one(app.db, Count, sql`select count(*) from activity_log`)).count

const deadlocks = async () =>
  (
    await one(
      app.db,
      Count,
      sql`select deadlocks as count from pg_stat_database where datname = current_database()`,
    )
  ).count
