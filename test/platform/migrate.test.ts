import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Db, many, sql, type Sql } from '../../src/platform/db.ts'
import { isMigrated, migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { emptyDatabase, loginsOf, testDatabase } from '../support/database.ts'

const database = emptyDatabase()
const migrated = testDatabase()
const logins = loginsOf(database)
let folder: string
let db: Db

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  db = new Db(database)
})
afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

const put = (name: string, text: string) => writeFile(join(folder, name), text)
const names = async (of: Db, statement: Sql) =>
  (await many(of, z.object({ name: z.string() }), statement)).map((row) => row.name)
const tables = () =>
  names(db, sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`)

describe('a database', () => {
  test('is brought up to date once by three starts at a time', async () => {
    await put('0001_one.sql', 'create table one (id int)')
    await put('0002_two.sql', 'create table two (id int); insert into two values (1)')
    await put('notes.txt', 'not a migration')
    expect(await isMigrated(db, [], folder)).toBe(false)

    const ran = await Promise.all([1, 2, 3].map(() => migrate(logins, [], folder)))

    expect(ran.flat()).toEqual(['0001_one.sql', '0002_two.sql'])
    expect(await isMigrated(db, [], folder)).toBe(true)
    expect((await db.pool.query('select * from two')).rowCount).toBe(1)
  })

  test('has the job queue afterwards', async () => {
    await db.pool.query("select graphile_worker.add_job('nothing')")
  })

  test('keeps nothing of a migration that fails, and all that came before it', async () => {
    await put('0003_three.sql', 'create table three (id int)')
    await put('0004_broken.sql', 'create table four (id int); insert into four values (1); select 1 / 0')

    await expect(migrate(logins, [], folder)).rejects.toThrow(
      '0004_broken.sql failed and was undone: division by zero',
    )

    expect(await tables()).toEqual(['migrations', 'one', 'three', 'two'])
    expect(await isMigrated(db, [], folder)).toBe(false)
    await put('0004_broken.sql', 'create table four (id int)')
    expect(await migrate(logins, [], folder)).toEqual(['0004_broken.sql'])
  })

  test('takes a file saved with Windows line ends for the same', async () => {
    await put('0005_lines.sql', 'create table five (\n  id int\n)')
    await migrate(logins, [], folder)
    await put('0005_lines.sql', 'create table five (\r\n  id int\r\n)')
    expect(await migrate(logins, [], folder)).toEqual([])
  })

  test('refuses a migration that was edited after it ran, before running another', async () => {
    await put('0001_one.sql', 'create table one (id bigint)')
    await put('0006_six.sql', 'create table six (id int)')

    await expect(migrate(logins, [], folder)).rejects.toThrow('0001_one.sql was edited after it ran')

    expect(await isMigrated(db, [], folder)).toBe(false)
    expect(await tables()).not.toContain('six')
  })
})

test('a test file gets a whole app: migrated, with the built-in roles and nobody in it', async () => {
  const own = new Db(migrated)
  expect(await isMigrated(own, referenceRows)).toBe(true)
  const builtIn = ['Admin', 'Auditor', 'Dispatcher', 'Fieldworker', 'Owner']
  expect(await names(own, sql`select name from roles order by name`)).toEqual(builtIn)
  expect((await own.pool.query('select from users')).rowCount).toBe(0)
  await own.close()
})
