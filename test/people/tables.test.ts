import { describe, expect, test } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'

const house = testHouse()
const role = (name: string) => sql`(select id from roles where name = ${name})`

describe('the database itself keeps', () => {
  test('addresses unique and in lower case', async () => {
    const insert = (email: string) =>
      run(
        house.db,
        sql`insert into users (name, email, role_id) values ('X', ${email}, ${role('Fieldworker')})`,
      )
    await expect(insert('sam@firm.test')).rejects.toThrow(/unique/)
    await expect(insert('Sam2@firm.test')).rejects.toThrow(/check/)
    await expect(insert('nobody')).rejects.toThrow(/check/)
  })

  test('the four statuses, and hashes of argon2id alone', async () => {
    const set = (change: ReturnType<typeof sql>) =>
      run(house.db, sql`update users set ${change} where name = 'Sam Field'`)
    await expect(set(sql`status = 'asleep'`)).rejects.toThrow(/check/)
    await expect(set(sql`password_hash = 'plain'`)).rejects.toThrow(/check/)
  })

  test('at least one active Owner, whichever way the last one would be lost', async () => {
    const { owner } = house.cast
    for (const loss of [
      sql`update users set status = 'blocked' where id = ${owner.id}`,
      sql`update users set role_id = ${role('Admin')} where id = ${owner.id}`,
      sql`delete from users where id = ${owner.id}`,
    ])
      await expect(run(house.db, loss)).rejects.toThrow('There must be at least one active Owner')
  })

  test('one of two Owners, when both are demoted at once', async () => {
    const second = await house.add({ name: 'Otis Owner', role: 'Owner' })
    const demote = (id: string) =>
      house.db.transaction((tx) => run(tx, sql`update users set status = 'inactive' where id = ${id}`))
    const outcomes = await Promise.allSettled([demote(house.cast.owner.id), demote(second.id)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await run(
      house.db,
      sql`update users set status = 'active' where id in (${house.cast.owner.id}, ${second.id})`,
    )
  })

  test('built-in roles as they are', async () => {
    await expect(
      run(house.db, sql`update roles set permissions = '{}' where name = 'Owner'`),
    ).rejects.toThrow('built-in')
    await expect(run(house.db, sql`delete from roles where name = 'Auditor'`)).rejects.toThrow()
  })
})
