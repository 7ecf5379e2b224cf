import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/foundation/migrate.ts'
import { startTestServer } from './test-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    database: { admin: string; app: string; template: string }
  }
}

/** One server for the run, with one migrated database that every test file gets its copy of. */
export default async function setup({ provide }: TestProject) {
  const server = await startTestServer()
  const template = `template_${randomBytes(6).toString('hex')}`
  const app = withDatabase(server.app, template)
  await administer(server.admin, `create database ${template} owner "${new URL(app).username}"`)
  await migrate(app)
  provide('database', { admin: server.admin, app, template })
  return async () => {
    await administer(server.admin, `drop database ${template} with (force)`)
    await server.stop()
  }
}

export function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}

export async function administer(connectionString: string, statement: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
