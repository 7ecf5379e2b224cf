import { configHere, databaseOf } from '../config.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { migrate } from '../platform/migrate.ts'
import type { Logins } from '../platform/grants.ts'

// npm run migrate: brings the database up to date and says what ran.
const config = configHere()
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  const ran = await migrate(database)
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.join(', ')}\n` : 'The database is up to date.\n')
} finally {
  await database.stop?.()
}
