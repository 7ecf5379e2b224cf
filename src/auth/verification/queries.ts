import { Id, maybeOne, run, sql, type Tx } from '../../platform/db.ts'

/** Says whether the address was unverified until now. */
export async function updateEmailVerified(tx: Tx, userId: string): Promise<boolean> {
  const verified = sql`update users set email_verified_at = now() where id = ${userId} and email_verified_at is null`
  return (await run(tx, verified)) > 0
}

/** Moves an account to another address, unless somebody else has it: then nothing moves. */
export async function updateEmail(tx: Tx, userId: string, email: string): Promise<boolean> {
  const moved = await maybeOne(
    tx,
    Id,
    sql`update users set email = ${email}, email_verified_at = now()
        where id = ${userId} and not exists (select from users where email = ${email} and id <> ${userId}) returning id`,
  )
  return moved !== undefined
}

export async function selectEmailIsTaken(tx: Tx, email: string): Promise<boolean> {
  const row = await maybeOne(tx, Id, sql`select id from users where email = ${email}`)
  return row !== undefined
}
