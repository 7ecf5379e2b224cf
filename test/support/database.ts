import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { withDatabase } from './global-setup.ts'
import { administer } from './test-server.ts'

/**
 * A database of its own for the test file that asks: migrated, with the built-in roles and without people.
 * Gives the connection string of the role that works with it; it is there from `beforeAll` to `afterAll`.
 */
export function testDatabase(): string {
  return databaseFrom(`${inject('database').template} strategy file_copy`)
}

/** The same without tables, for tests of the migrations themselves. */
export function emptyDatabase(): string {
  return databaseFrom('template0')
}

function databaseFrom(template: string): string {
  const { admin, owner, app: expressApp } = inject('database')
  const name = `test_${randomBytes(6).toString('hex')}`
  beforeAll(() =>
    administer(admin, `create database ${name} owner "${new URL(owner).username}" template ${template}`),
  )
  afterAll(() => administer(admin, `drop database ${name} with (force)`))
  return withDatabase(expressApp, name)
}

/** The same database as the owner of its tables, for what the program never does: alter them, switch triggers off. */
export function ownerOf(connectionString: string): string {
  return withDatabase(inject('database').owner, nameOf(connectionString))
}

/** The same database as superuser. */
export function superuserOf(connectionString: string): string {
  return withDatabase(inject('database').admin, nameOf(connectionString))
}

/** Both ways into a test database, as `migrate` wants them. */
export function loginsOf(connectionString: string) {
  return { connectionString, ownerConnectionString: ownerOf(connectionString) }
}

const nameOf = (connectionString: string) => new URL(connectionString).pathname.slice(1)
