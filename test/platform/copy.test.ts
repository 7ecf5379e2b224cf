import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyToCsv } from '../../src/platform/copy-to-csv.ts'
import { Db, sql } from '../../src/platform/db.ts'
import { testDatabase } from '../support/database.ts'

const database = testDatabase()
let db: Db
beforeAll(() => {
  db = new Db(database)
  db.pool.options.query_timeout = 200
})
afterAll(() => db.close())

test('an export may take longer than any other answer of the database (fault 1)', async () => {
  const rows = sql`select i, pg_sleep(0.1)::text as waited from generate_series(1, 6) i`
  expect((await text(await copyToCsv(db, rows, 'a slow one'))).trim().split('\n')).toHaveLength(7)
})
