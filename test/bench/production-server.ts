import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { settings } from './own-database.ts'

/** A process that answers requests at `address`; what it prints goes to a file. */
export interface Answering {
  address: string
  stop(): Promise<void>
}

/** Runs a checkout of ours like `npm start` in production, over a database that is there. */
export function startProduction(home: string, databases: Record<string, string>): Promise<Answering> {
  const { scripts } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const mail = { SMTP_URL: 'smtps://127.0.0.1:9', MAIL_FROM: 'fieldkey@firm.test' }
  const where = { NODE_ENV: 'production', BASE_URL: 'http://localhost:3000', PORT: '0', HOST: '127.0.0.1' }
  const env = { ...settings, ...mail, ...where, ...databases, WORKER: 'off' }
  return startNode(home, scripts.start.split(' ').slice(1), env)
}

/** Runs Node with these arguments, and resolves once it has printed where it answers. */
export async function startNode(
  home: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Answering> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-bench-'))
  const output = path.join(folder, 'output')
  const file = openSync(output, 'w')
  const child = spawn(process.execPath, args, {
    cwd: home,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATA_DIR: folder, ...env },
    stdio: ['ignore', file, file],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 1_200; tries++) {
    const said = readFileSync(output, 'utf8')
    const port = /ready at http:\S+:(\d+)|"port":(\d+),"msg":"ready"/.exec(said)
    if (port) return { address: `http://127.0.0.1:${port[1] ?? port[2]}`, stop }
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${said}`)
    await setTimeout(25)
  }
  await stop()
  throw new Error('It was not ready after half a minute')
}
