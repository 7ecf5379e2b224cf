import { z } from 'zod'
import { Id, many, maybeOne, run, sql, type Tx } from '../../platform/db.ts'

export async function updateAccepted(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update users set status = 'active', status_changed_at = now(), email_verified_at = coalesce(email_verified_at, now())
        where id = ${userId} and status = 'invited'`,
  )
}

const ownerRole = sql`(select id from roles where built_in and name = 'Owner')`

/** Returns the id of the new account, or nothing if the address has one already. */
export async function insertOwner(tx: Tx, name: string, email: string): Promise<string | undefined> {
  const created = await maybeOne(
    tx,
    Id,
    sql`insert into users (name, email, role_id, status) values (${name}, ${email}, ${ownerRole}, 'invited')
        on conflict (email) do nothing returning id`,
  )
  return created?.id
}

/** Makes a user an active Owner. An invited one stays invited and still chooses a first password. */
export async function updateToOwner(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update users set role_id = ${ownerRole}, status = case status when 'invited' then status else 'active' end,
          status_changed_at = case when status in ('blocked', 'inactive') then now() else status_changed_at end
        where id = ${userId}`,
  )
}

const Owner = z.object({ id: z.string(), name: z.string(), email: z.string() })

export function selectActiveOwners(tx: Tx) {
  return many(
    tx,
    Owner,
    sql`select id, name, email from users where role_id = ${ownerRole} and status = 'active'`,
  )
}
