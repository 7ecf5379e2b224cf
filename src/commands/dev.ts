import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { loadConfig } from '../config.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { closeOnSignal } from './cleanup.ts'

// npm run dev: the server, restarted when a file changes. Its embedded database keeps running.
const config = loadConfig()
const database = config.databaseUrl ? undefined : await startEmbeddedPostgres({ folder: config.dataFolder })

let server = start()
let changed: NodeJS.Timeout | undefined
let restarted = Promise.resolve()
for (const folder of ['src', 'views', 'public', 'migrations'])
  watch(folder, { recursive: true }, () => {
    clearTimeout(changed)
    changed = setTimeout(() => (restarted = restarted.then(restart)), 50) // an editor writes a file in several steps
  })

closeOnSignal(async () => {
  await end(server)
  await database?.stop()
})

function start(): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, 'src/server.ts'], { stdio: 'inherit' })
  child.on(
    'exit',
    (code) => code && process.stderr.write('The server has ended; it starts again when a file changes.\n'),
  )
  return child
}

async function restart() {
  await end(server)
  server = start()
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
