import { loadConfig, databaseOf } from '../config.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { migrate } from '../platform/migrate.ts'
import type { Logins } from '../platform/grants.ts'

// npm run migrate: applies new migrations and names them.
const config = loadConfig()
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  const ran = await migrate(database)
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.join(', ')}\n` : 'The database is up to date.\n')
} finally {
  await database.stop?.()
}
