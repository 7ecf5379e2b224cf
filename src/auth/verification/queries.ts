import { Id, maybeOne, run, sql, type Tx } from '../../platform/db.ts'

/** Returns whether the address was unverified before. */
export async function updateEmailVerified(tx: Tx, userId: string): Promise<boolean> {
  const verified = sql`update users set email_verified_at = now() where id = ${userId} and email_verified_at is null`
  return (await run(tx, verified)) > 0
}

/** Changes the email of an account, unless another account has it. Returns whether it changed. */
export async function updateEmail(tx: Tx, userId: string, email: string): Promise<boolean> {
  const changed = await maybeOne(
    tx,
    Id,
    sql`update users set email = ${email}, email_verified_at = now()
        where id = ${userId} and not exists (select from users where email = ${email} and id <> ${userId}) returning id`,
  )
  return changed !== undefined
}

export async function selectEmailIsTaken(tx: Tx, email: string): Promise<boolean> {
  const row = await maybeOne(tx, Id, sql`select id from users where email = ${email}`)
  return row !== undefined
}
