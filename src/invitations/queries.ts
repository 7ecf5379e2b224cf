import { run, sql, type Tx } from '../foundation/db.ts'

export async function updateAccepted(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update users set status = 'active', status_changed_at = now(), email_verified_at = coalesce(email_verified_at, now())
        where id = ${userId} and status = 'invited'`,
  )
}
