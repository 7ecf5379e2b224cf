import { loadConfig, databaseOf } from '../config.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { migrate } from '../platform/migrate.ts'
import { referenceRows } from '../reference-rows.ts'
import type { Logins } from '../platform/grants.ts'

// npm run migrate: applies new migrations and names them.
const config = loadConfig()
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  const ran = await migrate(database, referenceRows)
  process.stdout.write(
    ran.length > 0
      ? `Migrated:\n${ran.map((name) => `  ${name}\n`).join('')}`
      : 'The database is up to date.\n',
  )
} finally {
  await database.stop?.()
}
