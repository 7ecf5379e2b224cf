import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { selectHead } from '../../src/activity/chain/queries.ts'
import { exportQuery } from '../../src/activity/entries/queries.ts'
import { interpolate, type Db } from '../../src/platform/db.ts'

const run = promisify(execFile)
const hasPsql = spawnSync('psql', ['--version']).status === 0

/** How long the very query of an export takes to nowhere without us: through the driver, and by psql where there is one. */
export async function copiesToNowhere(db: Db, connectionString: string) {
  const head = await selectHead(db)
  if (!head) throw new Error('The log is empty')
  const query = interpolate(exportQuery({}, head)).replace(/\s+/g, ' ')
  const copy = `copy (${query}) to stdout (format csv, header, force_quote *)`
  const driver = await timed(() => copyOver(connectionString, copy))
  return { driver, psql: hasPsql ? await timed(() => copyByPsql(connectionString, copy)) : NaN }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function copyByPsql(connectionString: string, copy: string) {
  const psql = spawn('psql', ['-Xqc', `\\${copy}`, connectionString], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(psql, 'exit')) as [number]
  if (code !== 0) throw new Error(`psql ended with ${code}`)
}

async function copyOver(connectionString: string, copy: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await pipeline(client.query(copyTo(copy)), new Writable({ write: (_chunk, _encoding, next) => next() }))
  await client.end()
}

// In a process of its own, so that what it reads keeps nobody waiting who is measured here.
const reader = `
  const [, address] = process.argv, began = performance.now()
  require('node:http').get(address, { headers: { cookie: process.env.COOKIE } }, (answer) => {
    let bytes = 0
    answer.on('data', (chunk) => { bytes += chunk.length })
    answer.on('close', () => console.log(JSON.stringify({
      status: answer.statusCode, whole: answer.complete, bytes, ms: performance.now() - began })))
  })`

export interface Answer {
  status: number
  whole: boolean
  bytes: number
  ms: number
}

/** Reads an answer to its end and keeps nothing of it. */
export async function download(address: string, cookie: string): Promise<Answer> {
  const env = { PATH: process.env.PATH, COOKIE: cookie }
  const { stdout } = await run(process.execPath, ['-e', reader, address], { env })
  const answer = JSON.parse(stdout) as Answer
  if (answer.status === 200 && answer.whole) return answer
  throw new Error(`${address} answered ${answer.status}, and ${answer.bytes} bytes`)
}
