import { configHere } from '../config.ts'
import { startEmbeddedPostgres } from '../foundation/embedded-postgres.ts'
import { migrate } from '../foundation/migrate.ts'

// npm run migrate: brings the database up to date and says what ran.
const config = configHere()
const own = config.databaseUrl ? undefined : await startEmbeddedPostgres({ folder: config.dataFolder })
try {
  const ran = await migrate(config.databaseUrl ?? own?.connectionString ?? '')
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.join(', ')}\n` : 'The database is up to date.\n')
} finally {
  await own?.stop()
}
