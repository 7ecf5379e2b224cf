import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { ConfigError, keptSecret, readConfig, type Config } from './config.ts'
import { makeDemoCompany, demoPassword } from './demo/company.ts'
import { Db } from './foundation/db.ts'
import { startEmbeddedPostgres } from './foundation/embedded-postgres.ts'
import { log } from './foundation/log.ts'
import { migrate } from './foundation/migrate.ts'
import { startWorker } from './worker.ts'

/** Opens the house: settings, database, people, doors, jobs. Gives what closes it again, gently. */
async function open(config: Config): Promise<() => Promise<void>> {
  const own = config.databaseUrl ? undefined : await startEmbeddedPostgres({ folder: config.dataFolder })
  const connectionString = config.databaseUrl ?? own?.connectionString ?? ''
  await migrate(connectionString)
  const db = new Db(connectionString)
  if (config.demo) await makeDemoCompany(db)
  const secrets = config.sessionSecrets ?? [keptSecret(config.dataFolder)]
  const server = await listen(createApp({ db, config, secrets }), config)
  const worker = config.worker === 'inline' ? await startWorker(connectionString, config) : undefined
  greet(config, (server.address() as AddressInfo).port)

  return async () => {
    await drained(server)
    await worker?.stop()
    await db.close()
    await own?.stop()
  }
}

function listen(app: http.RequestListener, { port, host }: Config): Promise<http.Server> {
  const server = http.createServer({ maxHeaderSize: 16_384, connectionsCheckingInterval: 5_000 }, app)
  Object.assign(server, { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 })
  server.maxRequestsPerSocket = 1_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

/** Lets requests under way finish, for ten seconds at most. */
function drained(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    const tooLong = setTimeout(() => server.closeAllConnections(), 10_000)
    server.close(() => {
      clearTimeout(tooLong)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function greet({ production, demo, baseUrl, port }: Config, listening: number) {
  if (production) return log.info({ port: listening }, 'ready')
  const address = port === 0 ? `http://localhost:${listening}` : baseUrl
  process.stdout.write(`\nFieldkey is ready at ${address}\n`)
  if (!demo) return
  const accounts = ['owner@demo.test', 'admin@demo.test', 'dispatcher@demo.test', 'auditor@demo.test']
  process.stdout.write(`Demo accounts: ${accounts.join(', ')}, worker1@demo.test … worker40@demo.test\n`)
  process.stdout.write(`Password of each: ${demoPassword}\nMail is shown at ${address}/dev/outbox\n\n`)
}

/** Closes once, whoever asks: Ctrl-C, SIGTERM, or the npm that started us going away without a word. */
function closeWhenAsked(close: () => Promise<void>) {
  let closing = false
  const closeOnce = () => {
    if (closing) return
    closing = true
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'closing')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', closeOnce)
  process.on('SIGTERM', closeOnce)
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && closeOnce(), 500).unref()
}

try {
  if (process.loadEnvFile && (await import('node:fs')).existsSync('.env')) process.loadEnvFile('.env')
  closeWhenAsked(await open(readConfig(process.env)))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
