import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { demoPassword } from '../../src/demo/company.ts'
import { startServer } from '../support/running-server.ts'
import { Visitor } from '../support/visitor.ts'
import { median, say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'

const sizes = { connections: 32, seconds: 5, fieldworkers: 1_000 }
export const pages = { sizes, measure }

/** Pages a second over so many connections, beside a bare Express that sends a string as long as the sign-in page. */
function measure({ connections, seconds, fieldworkers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers, events: 1_000 })
    const database = { DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner }
    const server = await startServer({ ...settings, ...database, WORKER: 'off' })
    const here = server.address.replace('localhost', '127.0.0.1')
    const admin = await new Visitor(here).signIn('admin@demo.test', demoPassword)
    const stranger = new Visitor(here)
    const { text } = await stranger.get('/sign-in')
    const bare = await startBare(Buffer.byteLength(text))
    const load = (name: string, address: string, cookie = '') =>
      under(connections, seconds, address, cookie).then((found) => ({ page: name, ...found }))

    const rows = []
    rows.push(await load('bare Express', `${bare.address}/`))
    rows.push(await load('/sign-in, first visit', `${here}/sign-in`))
    rows.push(await load('/sign-in, again', `${here}/sign-in`, stranger.cookies()))
    rows.push(await load('/account', `${here}/account`, admin.cookies()))
    rows.push(await load('/fieldworkers', `${here}/fieldworkers`, admin.cookies()))
    rows.push(await load('/fieldworkers?q=…', `${here}/fieldworkers?q=lena`, admin.cookies()))
    rows.push(await load('bare Express again', `${bare.address}/`))
    const most = Math.max(rows[0]?.['per second'] ?? 0, rows.at(-1)?.['per second'] ?? 0)
    const shown = rows.map((row) => ({ ...row, 'to bare': row['per second'] / most }))
    sayTable(shown)
    say('\none process each, and the one that asks beside them')
    server.kill('SIGTERM')
    bare.stop()
    await server.ended
    return { rows: shown }
  })
}

async function startBare(bytes: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/bare-express.ts', String(bytes)])
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const address = /http:\S+/.exec(said.toString())?.[0] ?? ''
  return { address, stop: () => child.kill() }
}

async function under(connections: number, seconds: number, address: string, cookie: string) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const taken: number[] = []
  const until = performance.now() + seconds * 1_000
  const client = async () => {
    while (performance.now() < until) {
      const began = performance.now()
      const status = await get(address, cookie, agent)
      if (status !== 200) throw new Error(`${address} answered ${status}`)
      taken.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  return { 'per second': taken.length / seconds, 'median ms': median(taken) }
}

const get = (address: string, cookie: string, agent: http.Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = cookie ? { cookie } : {}
    const request = http.get(address, { agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    request.on('error', reject)
  })
