import { readConfig } from '../../src/config.ts'
import { makeDemoCompany } from '../../src/embedded/demo/demo-company.ts'
import { seed } from '../../src/embedded/demo/seed.ts'
import { Db } from '../../src/platform/db.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import { withDatabase } from '../support/global-setup.ts'
import { administer, startTestServer, type TestServer, type Ways } from '../support/test-server.ts'

/** A migrated database for one measure, on a server of its own; both are gone when the measure is over. */
export async function withOwnDatabase<T>(
  measure: (ways: Ways) => Promise<T>,
  start: () => Promise<TestServer> = startTestServer,
): Promise<T> {
  const server = await start()
  const name = `bench_${process.pid}`
  const { owner, app: expressApp } = server
  try {
    await administer(server.admin, `create database ${name} owner "${new URL(owner).username}"`)
    const ways = {
      admin: server.admin,
      owner: withDatabase(owner, name),
      app: withDatabase(expressApp, name),
    }
    await migrate({ connectionString: ways.app, ownerConnectionString: ways.owner }, referenceRows)
    return await measure(ways)
  } finally {
    await administer(server.admin, `drop database if exists ${name} with (force)`)
    await server.stop()
  }
}

/** The demo company, grown: so many more fieldworkers, and so many entries in its log. */
export async function seedCompany({ owner }: Ways, sizes: { fieldworkers: number; events: number }) {
  const db = new Db(owner, { statement_timeout: 0 })
  try {
    await makeDemoCompany(db, minimumStrength)
    await seed(db, minimumStrength, sizes)
  } finally {
    await db.close()
  }
}

export const settings = { TRUST_PROXY: '1', SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06' }

export const configFor = ({ app: expressApp }: Ways) => readConfig({ ...settings, DATABASE_URL: expressApp })
