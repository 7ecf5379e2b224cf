import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { administer, withDatabase } from './global-setup.ts'

/**
 * A database of its own for the test file that asks: migrated, with the built-in roles and without people.
 * Gives its connection string; it is there from `beforeAll` to `afterAll`.
 */
export function testDatabase(): string {
  const { admin, app, template } = inject('database')
  const name = `test_${randomBytes(6).toString('hex')}`
  const owner = new URL(app).username
  beforeAll(() =>
    administer(admin, `create database ${name} template ${template} owner "${owner}" strategy file_copy`),
  )
  afterAll(() => administer(admin, `drop database ${name} with (force)`))
  return withDatabase(app, name)
}

/** The same without tables, for tests of the migrations themselves. */
export function emptyDatabase(): string {
  const { admin, app } = inject('database')
  const name = `test_${randomBytes(6).toString('hex')}`
  const owner = new URL(app).username
  beforeAll(() => administer(admin, `create database ${name} template template0 owner "${owner}"`))
  afterAll(() => administer(admin, `drop database ${name} with (force)`))
  return withDatabase(app, name)
}
