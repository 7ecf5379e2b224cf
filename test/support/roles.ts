import { z } from 'zod'
import type { Permission } from '../../src/access/permissions.ts'
import { one, sql, type Db } from '../../src/platform/db.ts'

export const list = '/settings/company/roles'

const Id = z.object({ id: z.string() })

export async function roleId(db: Db, name: string): Promise<string> {
  return (await one(db, Id, sql`select id from roles where name = ${name}`)).id
}

export async function teamId(db: Db, name: string): Promise<string> {
  return (await one(db, Id, sql`select id from teams where name = ${name}`)).id
}

/** Inserts a custom role. */
export async function customRole(
  db: Db,
  name: string,
  permissions: Permission[],
  scope: 'company' | 'team' = 'company',
): Promise<string> {
  const made = sql`insert into roles (name, kind, scope, permissions) values (${name}, 'office', ${scope}, ${permissions})
    returning id`
  return (await one(db, Id, made)).id
}
