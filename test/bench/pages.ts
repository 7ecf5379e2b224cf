import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { startServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { startBare } from './bare.ts'
import { under } from './load.ts'
import { say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { connections: 32, seconds: 5, fieldworkers: 1_000 }
export const pages = { sizes, measure }

/** Pages a second over so many connections, beside a bare Express that sends a string as long as the sign-in page. */
function measure({ connections, seconds, fieldworkers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers, events: 1_000 })
    const database = { DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner }
    const server = await startServer({ ...settings, ...database, WORKER: 'off' })
    const here = server.address.replace('localhost', '127.0.0.1')
    const admin = await new HttpClient(here).signIn('admin@demo.test', demoPassword)
    const stranger = new HttpClient(here)
    const { text } = await stranger.get('/sign-in')
    const bare = await startBare(Buffer.byteLength(text))
    const load = (name: string, address: string, cookie = '') =>
      under(connections, seconds, { address, cookie }).then((found) => ({ page: name, ...found }))

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
    return { rows: shown, targets: targetsOf(shown) }
  })
}

function targetsOf(shown: { page: string; 'to bare': number }[]): Target[] {
  const beside = 'bare Express sending as many bytes'
  const of = (page: string) => shown.find((row) => row.page === page)?.['to bare'] ?? NaN
  return [
    { work: 'sign-in page', beside, measured: of('/sign-in, again'), unit: '×', atLeast: 0.5 },
    { work: 'own account page', beside, measured: of('/account'), unit: '×', atLeast: 0.3 },
  ]
}
