import { z } from 'zod'
import { many, maybeOne, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const Known = z.object({
  fingerprint: z.string(),
  public_key: z.instanceof(Buffer),
  made_at: z.date(),
  retired_at: z.date().nullable(),
})

/** Every key that ever signed here, newest first; at most one is not retired. */
export const selectEvidenceKeys = (db: Queryable) =>
  many(
    db,
    Known,
    sql`select fingerprint, public_key, made_at, retired_at from evidence_keys order by made_at desc, retired_at desc nulls first`,
  )

const Kept = z.object({ id: z.string(), fingerprint: z.string(), sealed: z.instanceof(Buffer).nullable() })
export type Kept = z.output<typeof Kept>

/** Of several requests that need a key at once, the first creates it and the others find it. */
export async function lockEvidenceKeys(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('evidence_keys'))`)
}

export const selectOptionalKeyInUse = (db: Queryable) =>
  maybeOne(
    db,
    Kept,
    sql`select id, fingerprint, sealed_private_key as sealed from evidence_keys where retired_at is null`,
  )

export async function insertKey(tx: Tx, fingerprint: string, publicKey: Buffer, sealed: Buffer | null) {
  await run(
    tx,
    sql`insert into evidence_keys (fingerprint, public_key, sealed_private_key) values (${fingerprint}, ${publicKey}, ${sealed})`,
  )
}

export async function updateRetired(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`update evidence_keys set retired_at = now() where id = ${id}`)
}

export async function updateSealed(tx: Tx, id: string, sealed: Buffer | null): Promise<void> {
  await run(tx, sql`update evidence_keys set sealed_private_key = ${sealed} where id = ${id}`)
}
