import { loadConfig } from '../config.ts'
import { surviveFaults } from '../platform/last-resort.ts'
import { startWorker } from '../worker.ts'
import { closeOnSignal } from './cleanup.ts'

// npm run worker: runs the jobs, next to a server that runs with WORKER=off on the same DATABASE_URL.
const config = loadConfig()
if (!config.databaseUrl) {
  process.stderr.write('npm run worker needs DATABASE_URL: the database of the server it works for\n')
  process.exit(1)
}
const worker = await startWorker(config.databaseUrl, config)
surviveFaults()
closeOnSignal(() => worker.stop())
