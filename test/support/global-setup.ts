import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { administer, startTestServer, type Ways } from './test-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    database: Ways & { template: string }
  }
}

/** One server for the run, with one migrated database that every test file gets its copy of. */
export default async function setup({ provide }: TestProject) {
  const { stop, ...ways } = await startTestServer()
  const template = `template_${randomBytes(6).toString('hex')}`
  await administer(ways.admin, `create database ${template} owner "${new URL(ways.owner).username}"`)
  await migrate(
    {
      connectionString: withDatabase(ways.app, template),
      ownerConnectionString: withDatabase(ways.owner, template),
    },
    referenceRows,
  )
  provide('database', { ...ways, template })
  return async () => {
    await administer(ways.admin, `drop database ${template} with (force)`)
    await stop()
  }
}

export function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}
