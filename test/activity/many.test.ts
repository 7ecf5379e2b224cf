import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { record, recordAll } from '../../src/activity/record.ts'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const by = { actor: null, ip: '10.0.0.1', userAgent: null, requestId: 'ABCDEF0123' }
const people = Array.from({ length: 2_000 }, (_, i) => ({
  id: crypto.randomUUID(),
  name: `Person “${i}”, \\ and \'so\' on`,
  email: `person${i}@firm.test`,
}))

test('an action on thousands of people is thousands of entries of the one chain, in its order', async () => {
  const events = people.map((subject, i) => ({
    event: 'user_imported' as const,
    subject,
    ...(i % 2 ? { details: { line: i } } : {}),
  }))
  await app.db.transaction(async (tx) => {
    record(tx, by, { event: 'automation_run' })
    recordAll(tx, by, [])
    recordAll(tx, by, events)
  })
  const written = await many(
    app.db,
    z.object({ event: z.string(), name: z.string().nullable(), line: z.number().nullable() }),
    sql`select event, subject_name as name, (details ->> 'line')::int as line from activity_log order by seq`,
  )
  expect(written).toEqual([
    { event: 'automation_run', name: null, line: null },
    ...people.map(({ name }, i) => ({ event: 'user_imported', name, line: i % 2 ? i : null })),
  ])
  expect(await checkChain(app.db)).toMatchObject({ fault: null, entries: people.length + 1 })
})

test('an action waits for another that holds the chain longer than any statement may take, and is done', async () => {
  const hasty = new Db(app.connectionString, { statement_timeout: 200 })
  const [subject] = people
  let waiting: Promise<void> | undefined
  await app.db.transaction(async (tx) => {
    await run(tx, sql`select pg_advisory_xact_lock(hashtext('activity_log'))`)
    waiting = hasty.transaction(async (tx) => record(tx, by, { event: 'sign_out', subject }))
    await setTimeout(800)
  })
  await waiting
  await expect(run(hasty, sql`select pg_sleep(1)`)).rejects.toThrow('statement timeout')
  await hasty.close()
})
