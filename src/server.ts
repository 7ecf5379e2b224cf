import cluster from 'node:cluster'
import { writeKeyList } from './activity/evidence/key-list.ts'
import { currentKey } from './activity/evidence/keys.ts'
import { closeOnSignal, type Cleanup } from './commands/cleanup.ts'
import { loadConfig, databaseOf, type Config } from './config.ts'
import { makeDemoCompany, demoPassword } from './embedded/demo/demo-company.ts'
import { usesPlaintext, isLoopback } from './platform/tls-warning.ts'
import { Db } from './platform/db.ts'
import { startEmbeddedPostgres } from './embedded/embedded-postgres.ts'
import { log } from './platform/log.ts'
import { QueueWatch } from './platform/queue-state.ts'
import { isMigrated, migrate } from './platform/migrate.ts'
import { referenceRows } from './reference-rows.ts'
import { ownsLog, type Logins } from './platform/grants.ts'
import { hashStrengths } from './auth/passwords/hash.ts'
import { startProcesses, broadcast, fromPrimary } from './processes.ts'
import { startHttpServer } from './http-server.ts'

/**
 * Starts the app: database, migrations, keys, demo company, HTTP server, jobs. Each started part adds its cleanup; they
 * run in reverse order.
 */
async function startServer(config: Config, cleanups: Cleanup[]): Promise<void> {
  if (config.production) warnOfPlaintext(config)
  if (config.production && isLoopback(config.baseUrl))
    log.warn(
      'BASE_URL names this machine alone, so links in emails will not work: set it to the address that people type',
    )
  const logins = databaseOf(config) ?? (await startOwnDatabase(config, cleanups))
  const { connectionString } = logins
  await migrate(logins, referenceRows).catch(
    withSettingName(config, config.databaseOwnerUrl ? 'DATABASE_OWNER_URL' : 'DATABASE_URL'),
  )
  const db = new Db(connectionString)
  cleanups.push(() => db.close())
  await checkDatabase(db).catch(withSettingName(config, 'DATABASE_URL'))
  await currentKey(db, config)
  await writeKeyList(db, config.dataFolder)
  if (config.demo) await makeDemoCompany(db, hashStrengths[config.hashing])
  const watch = new QueueWatch(broadcast)
  const queue = () => watch.state
  const web =
    config.webConcurrency > 1
      ? await startProcesses(config.webConcurrency, connectionString, queue)
      : await startHttpServer(db, config, config.worker === 'inline' ? queue : undefined)
  cleanups.push(web.close)
  if (config.worker === 'inline') await startJobs(connectionString, config, { cleanups, watch })
  printBanner(config, web.port)
}

interface StartContext {
  cleanups: Cleanup[]
  watch: QueueWatch
}

/** Loaded only now, when people can already sign in. */
async function startJobs(connectionString: string, config: Config, { cleanups, watch }: StartContext) {
  const { startWorker } = await import('./worker.ts')
  const worker = await startWorker(connectionString, config, watch)
  cleanups.push(() => worker.stop())
}

/** One of several processes that answer: the primary has prepared the database and passes its address. */
async function startClusterWorker(config: Config, cleanups: Cleanup[]) {
  const db = new Db(config.databaseUrl ?? '')
  cleanups.push(() => db.close())
  cleanups.push(
    (await startHttpServer(db, config, config.worker === 'inline' ? fromPrimary() : undefined)).close,
  )
}

function warnOfPlaintext({ smtpUrl, databaseUrl, databaseOwnerUrl }: Config) {
  const addresses = { SMTP_URL: smtpUrl, DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: databaseOwnerUrl }
  for (const [name, address] of Object.entries(addresses))
    if (address && usesPlaintext(address))
      log.warn(`${name} does not require TLS: what is sent there can be read on the way`)
}

async function startOwnDatabase({ dataFolder }: Config, cleanups: Cleanup[]): Promise<Logins> {
  const embedded = await startEmbeddedPostgres({ folder: dataFolder })
  cleanups.push(() => embedded.stop())
  return embedded
}

const withSettingName = (config: Config, setting: string) => (error: Error) => {
  throw config.databaseUrl ? new Error(`${setting}: ${error.message}`, { cause: error }) : error
}

/** Checks that the app's role can use the migrated database, and warns if it could rewrite the log. */
async function checkDatabase(db: Db) {
  if (!(await isMigrated(db, referenceRows)))
    throw new Error('this is not the database that DATABASE_OWNER_URL migrates')
  if (await ownsLog(db))
    log.warn(
      'DATABASE_URL names the owner of the tables, so triggers alone protect the activity log: ' +
        'name the owner in DATABASE_OWNER_URL, and another role in DATABASE_URL',
    )
}

function printBanner({ production, demo, baseUrl, port, smtpUrl }: Config, listening: number) {
  if (production) return log.info({ port: listening }, 'ready')
  const address = port === 0 ? `http://localhost:${listening}` : baseUrl
  const accounts = `${['owner', 'admin', 'dispatcher', 'auditor', 'worker1'].map((name) => `${name}@demo.test`).join(' ')} … worker40@demo.test`
  const outboxLine = smtpUrl ? '' : `Their emails    ${address}/dev/outbox\n`
  const demoLines = `Demo accounts   ${accounts}\nTheir password  ${demoPassword}\n${outboxLine}`
  process.stdout.write(`\nFieldkey is ready at ${address}\n${demo ? demoLines : ''}\n`)
}

const allCleanups: Cleanup[] = []
const close = async () => {
  for (const cleanup of allCleanups.splice(0).reverse())
    await cleanup().catch((error: unknown) => log.error({ err: error }, 'closing'))
}
closeOnSignal(close)
try {
  await (cluster.isWorker ? startClusterWorker : startServer)(loadConfig(), allCleanups)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  log.debug({ err: error as Error }, 'starting')
  await close()
  process.exit(1)
}
