import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { record } from '../../src/activity/record.ts'
import { Db, one, run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import type { Visitor } from '../support/visitor.ts'

const house = testHouse()
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }
const writers = 8
let db: Db

beforeAll(() => {
  db = new Db(house.connectionString, { max: writers })
})
afterAll(() => db.close())

/** Each writer does so many deeds, one after the other, all writers at once. */
const allAtOnce = (deeds: number, deed: (writer: number, i: number) => Promise<unknown>) =>
  Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; i < deeds; i++) await deed(writer, i)
    }),
  )

const size = (letters: number) => async (writer: number) => {
  const details = { reason: `${writer}`.repeat(letters) }
  await db.transaction(async (tx) => record(tx, nobody, { event: 'sign_in_failed', details }))
}

/** Half of them record before they lock the row, half after: only a record that is written last bears that. */
async function change(writer: number) {
  const { sam } = house.cast
  await db.transaction(async (tx) => {
    const note = () => record(tx, nobody, { event: 'user_updated', subject: sam })
    if (writer % 2) note()
    await run(tx, sql`update users set phone = ${`+00 ${writer}`} where id = ${sam.id}`)
    note()
  })
}

test('many writers at once leave one chain without gaps, and none waits for another in vain', async () => {
  const { sam, otto } = house.cast
  const offices: Visitor[] = []
  while (offices.length < writers) offices.push(await house.as('admin'))
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

  const { entries, head, fault } = await checkChain(house.db)
  expect(fault).toBeNull()
  expect(String(entries)).toBe(head.seq) // as many as the number of the last: no gaps
  expect(entries - before).toBeGreaterThanOrEqual(writers * (200 + 200 + 50 + 12))
  expect(await deadlocks()).toBe(0)
})

const Count = z.object({ count: z.coerce.number() })

const countOf = async () => (await one(house.db, Count, sql`select count(*) from activity_log`)).count

const deadlocks = async () =>
  (
    await one(
      house.db,
      Count,
      sql`select deadlocks as count from pg_stat_database where datname = current_database()`,
    )
  ).count
