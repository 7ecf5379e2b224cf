import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Db, many, one, run, sql } from '../../src/platform/db.ts'
import { isMigrated, migrate } from '../../src/platform/migrate.ts'
import type { ReferenceRows } from '../../src/platform/reference-rows.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { checkChain } from '../../src/activity/chain/check.ts'
import { loginsOf, testDatabase } from '../support/database.ts'

const database = testDatabase()
const logins = loginsOf(database)
const db = new Db(database)
const owner = new Db(logins.ownerConnectionString)
afterAll(() => Promise.all([db.close(), owner.close()]))

/** The lists of the code with more rows, or with others, for one table. */
const changed = (table: string, change: (rows: ReferenceRows['rows']) => ReferenceRows['rows']) =>
  referenceRows.map((each) => (each.table === table ? { ...each, rows: change(each.rows) } : each))
const withMore = (table: string, row: Record<string, unknown>) => changed(table, (rows) => [...rows, row])

const permissionsOf = (role: string) =>
  one(
    db,
    z.object({ permissions: z.array(z.string()) }),
    sql`select permissions from roles where name = ${role}`,
  )
const triggersOff = () => many(db, z.object({}), sql`select from pg_trigger where tgenabled <> 'O'`)

describe('an event type that the code has in its list', () => {
  const list = withMore('event_types', { name: 'tool_lent' })
  const record = sql`insert into activity_log (event, category) values ('tool_lent', 'account')`

  test('is written by migrate, and can then be recorded', async () => {
    await expect(run(db, record)).rejects.toThrow('activity_log_event_fkey')
    expect(await isMigrated(db, list)).toBe(false)

    expect(await migrate(logins, list)).toEqual(['event_types: tool_lent'])

    expect(await isMigrated(db, list)).toBe(true)
    await run(db, record)
    expect(await checkChain(db)).toMatchObject({ fault: null })
    expect(await migrate(logins, list)).toEqual([])
  })

  test('stays when another version of the app does not know it', async () => {
    expect(await migrate(logins, referenceRows)).toEqual([])
    expect(await isMigrated(db, referenceRows)).toBe(true)
    await run(db, record)
  })

  test('can not be removed while the log has it, even by the owner', async () => {
    await expect(run(owner, sql`delete from event_types where name = 'tool_lent'`)).rejects.toThrow(
      'activity_log_event_fkey',
    )
  })
})

describe('a permission that the code has in its list', () => {
  const list = withMore('permissions', { name: 'tools.lend' }).map((each) =>
    each.table === 'roles'
      ? {
          ...each,
          rows: each.rows.map((role) =>
            role.name === 'Owner'
              ? { ...role, permissions: [...(role.permissions as string[]), 'tools.lend'] }
              : role,
          ),
        }
      : each,
  )
  const toolKeeper = sql`insert into roles (name, kind, scope, permissions)
    values ('Tool keeper', 'office', 'team', '{users.view,tools.lend}')`

  test('is written by migrate with the built-in roles that have it, and can then be given to others', async () => {
    const before = await permissionsOf('Owner')
    await expect(run(db, toolKeeper)).rejects.toThrow('A role has a permission that does not exist')
    await run(db, sql`update roles set name = name where not built_in`)

    expect(await migrate(logins, list)).toEqual(['permissions: tools.lend', 'roles: Owner'])

    expect((await permissionsOf('Owner')).permissions).toEqual([...before.permissions, 'tools.lend'])
    expect((await permissionsOf('Dispatcher')).permissions).toEqual(['users.view', 'passwords.change'])
    await run(db, toolKeeper)
    expect(await isMigrated(db, list)).toBe(true)
  })

  test('needs no trigger to be switched off, and leaves built-in roles protected', async () => {
    expect(await triggersOff()).toEqual([])
    const change = sql`update roles set permissions = '{}' where name = 'Owner'`
    for (const login of [db, owner])
      await expect(run(login, change)).rejects.toThrow('A built-in role cannot be changed')
  })

  test('is not open to the app’s role by saying that it migrates', async () => {
    await expect(
      db.transaction(async (tx) => {
        await run(tx, sql`select set_config('fieldkey.migrating', 'yes', true)`)
        await run(tx, sql`update roles set permissions = '{}' where name = 'Owner'`)
      }),
    ).rejects.toThrow('A built-in role cannot be changed')
  })
})

describe('migrate', () => {
  test('leaves to the company what is not a list of the code', async () => {
    await run(db, sql`update automations set people_a_day = 7, every = 'day' where key = 'enforce'`)
    await run(
      db,
      sql`insert into roles (name, kind, scope, permissions) values ('Season desk', 'office', 'team', '{users.view}')`,
    )
    await migrate(logins, referenceRows)
    const settings = await many(
      db,
      z.object({ people_a_day: z.number(), every: z.string() }),
      sql`select people_a_day, every from automations where key = 'enforce'`,
    )
    expect(settings).toEqual([{ people_a_day: 7, every: 'day' }])
    expect((await permissionsOf('Season desk')).permissions).toEqual(['users.view'])
  })

  test('adds an automation with its first settings, switched off', async () => {
    const tools = { key: 'tools', every: 'day', people_a_day: 5 }
    expect(await migrate(logins, withMore('automations', tools))).toEqual(['automations: tools'])
    const added = sql`select switched_on::text || ' ' || run_at as name from automations where key = 'tools'`
    expect(await many(db, z.object({ name: z.string() }), added)).toEqual([{ name: 'false 07:00:00' }])
  })

  test('does not take over a role of the company that has the name of a new built-in one', async () => {
    const supervisor = {
      name: 'Season desk',
      kind: 'office',
      scope: 'company',
      permissions: ['users.view'],
      built_in: true,
    }
    const migrating = migrate(logins, withMore('roles', supervisor))
    await expect(migrating).rejects.toThrow(/^Writing roles: Season desk failed and was undone: .*roles/)
    expect(await triggersOff()).toEqual([])
  })

  test('writes all the rows or none', async () => {
    const list = withMore('event_types', { name: 'tool_lost' }).map((each) =>
      each.table === 'automations'
        ? { ...each, rows: [...each.rows, { key: 'broken', every: 'never' }] }
        : each,
    )
    await expect(migrate(logins, list)).rejects.toThrow('failed and was undone')
    expect((await db.pool.query(`select from event_types where name = 'tool_lost'`)).rowCount).toBe(0)
  })
})
