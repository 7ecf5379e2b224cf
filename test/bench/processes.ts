import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { startServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { under } from './load.ts'
import { say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'

const sizes = { connections: 32, seconds: 4, rounds: 3 }
export const processes = { sizes, measure }

const pages = ['/sign-in', '/account', '/fieldworkers']

/** Pages a second with one process that answers and with two, in turn; who asks, and the database, share the machine. */
function measure({ connections, seconds, rounds }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 1_000, events: 1_000 })
    const env = { ...settings, DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner, WORKER: 'off' }
    const sum = new Map<string, number>()
    for (let round = 0; round < rounds; round++)
      for (const count of ['1', '2']) {
        const server = await startServer({ ...env, WEB_CONCURRENCY: count })
        const here = server.address.replace('localhost', '127.0.0.1')
        const cookie = (await new HttpClient(here).signIn('admin@demo.test', demoPassword)).cookies()
        for (const page of pages) {
          const ask = { address: `${here}${page}`, cookie: page === '/sign-in' ? '' : cookie }
          await under(connections, 1, ask)
          const { 'per second': found } = await under(connections, seconds, ask)
          sum.set(`${page} ${count}`, (sum.get(`${page} ${count}`) ?? 0) + found / rounds)
        }
        server.kill('SIGTERM')
        await server.ended
      }
    const rows = pages.map((page) => {
      const [one, two] = [sum.get(`${page} 1`) ?? NaN, sum.get(`${page} 2`) ?? NaN]
      return { page, 'one process': one, 'two processes': two, ratio: two / one }
    })
    sayTable(rows)
    say('\npages a second')
    return { rows }
  })
}
