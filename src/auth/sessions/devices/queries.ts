import { z } from 'zod'
import { many, one, run, sql, type Queryable, type Sql, type Tx } from '../../../platform/db.ts'
import { isActive, endsAt } from '../queries.ts'

const Device = z.object({
  id: z.string(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  remembered: z.boolean(),
  started_at: z.date(),
  last_seen_at: z.date(),
  ends_at: z.date(),
})
export type Device = z.output<typeof Device>

/** How many devices a user is signed in on. */
export const deviceCount = (userId: Sql): Sql =>
  sql`(select count(*)::int from sessions s where s.user_id = ${userId} and ${isActive})`

export function selectDevices(db: Queryable, userId: string): Promise<Device[]> {
  return many(
    db,
    Device,
    sql`select id, ip, user_agent, remembered, started_at, last_seen_at, ${endsAt} as ends_at from sessions s
        where user_id = ${userId} and ${isActive}
        order by last_seen_at desc`.lookup('devices'),
  )
}

const Known = z.object({ known: z.boolean() })

export async function selectDeviceIsKnown(db: Queryable, email: string, device: Buffer): Promise<boolean> {
  const row = await one(
    db,
    Known,
    sql`select exists (select from known_devices k join users u on u.id = k.user_id
          where u.email = ${email} and k.device = ${device}) as known`.lookup('known device'),
  )
  return row.known
}

/** Remembers a browser of a user. Returns whether it is new to them. */
export async function insertKnownDevice(tx: Tx, userId: string, device: Buffer): Promise<boolean> {
  return (
    (await run(
      tx,
      sql`with seen as (
            update known_devices set last_seen_at = now() where user_id = ${userId} and device = ${device} returning 1)
          insert into known_devices (user_id, device) select ${userId}, ${device}
          where not exists (select from seen) on conflict do nothing`.prepared('note device'),
    )) > 0
  )
}

export async function deleteKnownDevices(tx: Tx, userId: string): Promise<void> {
  await run(tx, sql`delete from known_devices where user_id = ${userId}`)
}
