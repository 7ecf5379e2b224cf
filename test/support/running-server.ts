import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as {
  scripts: { start: string; worker: string }
}

export interface RunningServer {
  address: string
  pid: number
  /** Everything it has printed so far. */
  output(): string
  kill(signal: NodeJS.Signals): void
  /** Its exit code, once it ends. */
  ended: Promise<number | null>
}

/** Runs only the jobs, like `npm run worker`. */
export function startWorkerAlone(settings: Record<string, string>) {
  const worker = spawn(process.execPath, scripts.worker.split(' ').slice(1), {
    cwd: home,
    env: { PATH: process.env.PATH, ...settings },
    stdio: 'ignore',
  })
  const ended = once(worker, 'exit').then(([code]) => code as number | null)
  return { kill: (signal: NodeJS.Signals) => worker.kill(signal), ended }
}

/** Starts `src/server.ts` like `npm start`, in a separate process; it is ready when this resolves. */
export async function startServer(settings: Record<string, string>): Promise<RunningServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-server-'))
  const server = spawn(process.execPath, scripts.start.split(' ').slice(1), {
    cwd: home,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder, ...settings },
  })
  let said = ''
  const ended = once(server, 'exit').then(([code]) => {
    rmSync(folder, { recursive: true, force: true })
    return code as number | null
  })
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const [, found, port] = /ready at (http:\S+)|"port":(\d+),"msg":"ready"/.exec(said) ?? []
      if (found ?? port) resolve(found ?? `http://localhost:${port}`)
    }
    server.stdout.on('data', listen)
    server.stderr.on('data', listen)
    void ended.then((code) => reject(new Error(`The server ended with ${code}:\n${said}`)))
  })
  return {
    ...{ address, ended, pid: server.pid ?? 0 },
    output: () => said,
    kill: (signal) => server.kill(signal),
  }
}
