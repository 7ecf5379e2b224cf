import { z } from 'zod'
import { LogQuery } from '../../src/activity/filter.ts'
import { pageOf } from '../../src/activity/entries/queries.ts'
import { resolveFilter } from '../../src/activity/resolve-filter.ts'
import { many, type Db, sql } from '../../src/platform/db.ts'
import { say } from './numbers.ts'

const Line = z.object({ 'QUERY PLAN': z.string() })
const width = 160 // what the text filter looks in is long
const everybody = {
  ...{ id: '', name: '', email: '', teamId: null },
  role: { name: 'Auditor', kind: 'office' as const, scope: 'company' as const, permissions: [] },
}

/** Why a page takes long: how the database finds its entries, and how it counts them. */
export async function sayPlans(db: Db, page: string, address: string) {
  const filter = LogQuery.parse(Object.fromEntries(new URLSearchParams(address.split('?')[1])))
  const search = await resolveFilter(db, everybody, filter, 'UTC')
  if (!search.ok) return
  for (const limit of search.value.text ? [51] : [51, 1_001]) {
    const plan = await many(db, Line, sql`explain (analyze, buffers) ${pageOf(search.value, {}, limit)}`)
    say(`\n${page}, ${limit} of them`)
    for (const line of plan) say(line['QUERY PLAN'].slice(0, width))
  }
}
