import { describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const role = (name: string) => sql`(select id from roles where name = ${name})`

describe('the database itself keeps', () => {
  test('addresses unique and in lower case', async () => {
    const insert = (email: string) =>
      run(
        app.db,
        sql`insert into users (name, email, role_id) values ('X', ${email}, ${role('Fieldworker')})`,
      )
    await expect(insert('sam@firm.test')).rejects.toThrow(/unique/)
    await expect(insert('Sam2@firm.test')).rejects.toThrow(/check/)
    await expect(insert('nobody')).rejects.toThrow(/check/)
  })

  test('the four statuses, and hashes of argon2id alone', async () => {
    const set = (change: ReturnType<typeof sql>) =>
      run(app.db, sql`update users set ${change} where name = 'Sam Field'`)
    await expect(set(sql`status = 'asleep'`)).rejects.toThrow(/check/)
    await expect(set(sql`password_hash = 'plain'`)).rejects.toThrow(/check/)
  })

  test('at least one active Owner, whichever way the last one would be lost', async () => {
    const { owner } = app.cast
    for (const loss of [
      sql`update users set status = 'blocked' where id = ${owner.id}`,
      sql`update users set role_id = ${role('Admin')} where id = ${owner.id}`,
      sql`delete from users where id = ${owner.id}`,
    ])
      await expect(run(app.db, loss)).rejects.toThrow('There must be at least one active Owner')
  })

  test('one of two Owners, when both are demoted at once', async () => {
    const second = await app.createUser({ name: 'Otis Owner', role: 'Owner' })
    const demote = (id: string) =>
      app.db.transaction((tx) => run(tx, sql`update users set status = 'inactive' where id = ${id}`))
    const outcomes = await Promise.allSettled([demote(app.cast.owner.id), demote(second.id)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await run(
      app.db,
      sql`update users set status = 'active' where id in (${app.cast.owner.id}, ${second.id})`,
    )
  })

  test('built-in roles as they are', async () => {
    await expect(run(app.db, sql`update roles set permissions = '{}' where name = 'Owner'`)).rejects.toThrow(
      'built-in',
    )
    await expect(run(app.db, sql`delete from roles where name = 'Auditor'`)).rejects.toThrow()
  })
})
