import { parseArgs } from 'node:util'
import { z } from 'zod'
import { loadConfig, databaseOf } from '../config.ts'
import { makeDemoCompany } from '../embedded/demo/demo-company.ts'
import { seed } from '../embedded/demo/seed.ts'
import { Db } from '../platform/db.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { migrate } from '../platform/migrate.ts'
import { referenceRows } from '../reference-rows.ts'
import type { Logins } from '../platform/grants.ts'
import { hashStrengths } from '../auth/passwords/hash.ts'

// npm run seed -- --fieldworkers N --events N: creates a company of any size, to look at and to measure.
const count = z.coerce.number().int().min(0).max(10_000_000).default(0)
const { values } = parseArgs({ options: { fieldworkers: { type: 'string' }, events: { type: 'string' } } })
const wanted = z.object({ fieldworkers: count, events: count }).parse(values)
const config = loadConfig()
if (config.production)
  throw new Error('npm run seed creates made-up people and entries; it does not run in production')
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  await migrate(database, referenceRows)
  const db = new Db(database.ownerConnectionString, { statement_timeout: 0 })
  await makeDemoCompany(db, hashStrengths[config.hashing])
  await seed(db, hashStrengths[config.hashing], wanted)
  await db.close()
  const { fieldworkers, events } = wanted
  process.stdout.write(`Created ${fieldworkers} fieldworkers and ${events} entries of the activity log.\n`)
} finally {
  await database.stop?.()
}
