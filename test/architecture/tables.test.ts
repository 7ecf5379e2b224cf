import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { many, sql } from '../../src/platform/db.ts'
import { schedule } from '../../src/jobs.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()

/** The lines of the table under one heading of docs/operations.md: what stands in its first cell, and its others. */
const lines = (): { tables: string[]; others: string[] }[] => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const section = page.split('## What is kept, and who removes it')[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, first = '', ...others]) => ({
      tables: [...first.matchAll(/`(\w+)`/g)].map(([, table = '']) => table),
      others: others.slice(0, 2),
    }))
}

test('docs/operations.md says of every table how long its rows are kept and who removes them (fault 17)', async () => {
  const there = await many(
    app.db,
    z.object({ name: z.string() }),
    sql`select distinct table_name as name from information_schema.tables
        where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
  )
  const listed = lines().flatMap(({ tables }) => tables)
  expect(listed.sort()).toEqual(there.map(({ name }) => name).sort())
  for (const { tables, others } of lines())
    for (const cell of others) expect([tables, cell]).not.toEqual([tables, ''])
})

test('every job that is named there is one that the worker has on its schedule (fault 17)', () => {
  const jobs = lines().flatMap(({ others }) =>
    [...(others[1] ?? '').matchAll(/`(\w+)`/g)].map(([, job]) => job),
  )
  expect(jobs.length).toBeGreaterThan(8)
  for (const job of jobs) expect(schedule.map(({ task }) => task)).toContain(job)
})
