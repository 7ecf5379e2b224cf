import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { withDatabase } from './global-setup.ts'
import { administer } from './test-server.ts'

/**
 * Creates a database for the test file: migrated, with the built-in roles and without people. Returns the connection
 * string of the app's role; the database exists from `beforeAll` to `afterAll`.
 */
export function testDatabase(): string {
  return databaseFrom(`${inject('database').template} strategy file_copy`)
}

/** Creates an empty database, for tests of the migrations. */
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

/** The connection string of the tables' owner, for what the app never does: alter tables, disable triggers. */
export function ownerOf(connectionString: string): string {
  return withDatabase(inject('database').owner, nameOf(connectionString))
}

/** The same database as superuser. */
export function superuserOf(connectionString: string): string {
  return withDatabase(inject('database').admin, nameOf(connectionString))
}

/** Both logins of a test database, for `migrate`. */
export function loginsOf(connectionString: string) {
  return { connectionString, ownerConnectionString: ownerOf(connectionString) }
}

const nameOf = (connectionString: string) => new URL(connectionString).pathname.slice(1)
