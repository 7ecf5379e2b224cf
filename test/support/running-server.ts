import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface RunningServer {
  address: string
  pid: number
  /** Everything it has said so far. */
  output(): string
  kill(signal: NodeJS.Signals): void
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
}

/** `src/server.ts` as `npm start` runs it, in a process of its own; ready when this returns. */
export async function startServer(settings: Record<string, string>): Promise<RunningServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-server-'))
  const server = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
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
      const found = /ready at (http:\S+)/.exec(said)?.[1]
      if (found) resolve(found)
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
