import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sessionSecret } from './house.ts'

const program = path.resolve(import.meta.dirname, '../../src/server.ts')

export interface LiveServer {
  address: string
  /** What it logged that must not happen: errors, and what the content security policy had to stop. */
  complaints(): string[]
  stop(): Promise<void>
}

/** The real program in a process of its own, over the database, with the demo company in it. */
export async function startLiveServer(databaseUrl: string): Promise<LiveServer> {
  // Started elsewhere, so that no .env of whoever runs the tests is read; vitest's own environment stays out too.
  const server = spawn(process.execPath, ['--import', fileURLToPath(import.meta.resolve('tsx')), program], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: sessionSecret,
      DEMO: 'on',
      PORT: '0',
    },
  })
  let log = ''
  const told = (words: Buffer) => (log += words.toString())
  server.stdout.on('data', told)
  server.stderr.on('data', told)
  const gone = once(server, 'exit')

  const greeting = new Promise<string>((resolve) => {
    server.stdout.on('data', () => {
      const address = /ready at (http:\S+)/.exec(log)?.[1]
      if (address !== undefined) resolve(address)
    })
  })
  const address = await Promise.race([greeting, gone.then(() => undefined)])
  if (address === undefined) throw new Error(`The server did not start:\n${log}`)
  return {
    address,
    complaints: () => log.split('\n').filter((line) => /content security policy|"level":"error"/.test(line)),
    async stop() {
      server.kill('SIGTERM')
      await gone
    },
  }
}
