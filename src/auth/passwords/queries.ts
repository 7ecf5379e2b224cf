import { z } from 'zod'
import type { PasswordMethod } from '../../activity/event-types.ts'
import { many, maybeOne, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const Credential = z.object({
  password_hash: z.string().nullable(),
  retired_hashes: z.array(z.string()),
  credential_version: z.number(),
  temporary: z.boolean(),
  /** A temporary one that expired before it was used. */
  temporary_expired: z.boolean(),
  /** It reached its maximum age and must be replaced. */
  expired: z.boolean(),
})
export type Credential = z.output<typeof Credential>

export function selectOptionalCredential(db: Queryable, userId: string): Promise<Credential | undefined> {
  return maybeOne(
    db,
    Credential,
    sql`select password_hash, retired_hashes, credential_version, temporary_password_expires_at is not null as temporary,
          coalesce(temporary_password_expires_at <= clock_timestamp(), false) as temporary_expired, password_expired_at is not null as expired
        from users where id = ${userId}`,
  )
}

export interface NewPassword {
  userId: string
  hash: string
  method: PasswordMethod
  changedBy: string
  /** Hours until it expires unless replaced. Null makes it permanent. */
  temporaryHours: number | null
  /** The credential version when the change was decided. If it has changed since, nothing is updated. */
  credentialVersion: number
}

/** The last five previous hashes, including the current one: these passwords may not be chosen again. */
const previousHashes = sql`(array_remove(array_prepend(password_hash, retired_hashes), null))[1:5]`

const Changed = z.object({
  credential_version: z.number(),
  temporary_password_expires_at: z.date().nullable(),
})

export function updatePassword(tx: Tx, change: NewPassword) {
  const { userId, hash, method, changedBy, temporaryHours, credentialVersion } = change
  return maybeOne(
    tx,
    Changed,
    sql`update users set password_hash = ${hash},
          retired_hashes = case when temporary_password_expires_at is not null or ${method} = 'admin' then ${previousHashes} else retired_hashes end,
          password_changed_at = now(), password_changed_by = ${changedBy},
          password_method = ${method}, credential_version = credential_version + 1, temporary_password_expired_at = null,
          password_expired_at = null, password_grace_until = null, temporary_password_expires_at = now() + make_interval(hours => ${temporaryHours}::int)
        where id = ${userId} and credential_version = ${credentialVersion}
        returning credential_version, temporary_password_expires_at`,
  )
}

/** Removes the password and keeps its hash, so that it is not chosen again. */
/**
 * Invalidates a password that someone else knows. Only a reset sets a new one, and never the same. (NIST SP
 * 800-63B-4 §3.1.1.2)
 */
export async function invalidatePassword(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update users set password_hash = null, retired_hashes = ${previousHashes},
          credential_version = credential_version + 1, temporary_password_expires_at = null,
          temporary_password_expired_at = null, password_expired_at = null, password_grace_until = null where id = ${userId}`,
  )
}

/** Stores the same password with stronger parameters: neither a change nor an event. */
export async function updateHash(db: Queryable, userId: string, old: string, hash: string): Promise<void> {
  await run(db, sql`update users set password_hash = ${hash} where id = ${userId} and password_hash = ${old}`)
}

const HashRow = z.object({ hash: z.string() })

/** One hash of each kind of parameters in use, the most common first. */
export async function selectHashOfEachKind(db: Queryable): Promise<string[]> {
  const rows = await many(
    db,
    HashRow,
    sql`select min(password_hash) as hash from users where password_hash is not null
        group by split_part(password_hash, '$', 4), length(password_hash) order by count(*) desc, hash`,
  )
  return rows.map(({ hash }) => hash)
}

const ExpiredTemporary = z.object({ id: z.string(), name: z.string(), email: z.string() })

/** Marks the temporary passwords that expired since the last time, and returns whose they were. */
export function updateTemporaryExpired(tx: Tx, limit: number) {
  return many(
    tx,
    ExpiredTemporary,
    sql`update users set temporary_password_expired_at = now()
        where id in (select id from users where temporary_password_expires_at <= now() and temporary_password_expired_at is null
                     order by temporary_password_expires_at limit ${limit} for update skip locked)
        returning id, name, email`,
  )
}

const Expired = ExpiredTemporary.extend({ graceUntil: z.date() })

/** Expires passwords, and returns whose they are. Those already expired are left out. */
export function updateExpired(tx: Tx, userIds: string[], graceHours: number) {
  return many(
    tx,
    Expired,
    sql`update users set password_expired_at = now(), password_grace_until = now() + make_interval(hours => ${graceHours})
        where id = any(${userIds}::uuid[]) and password_hash is not null and password_expired_at is null
          and temporary_password_expires_at is null
        returning id, name, email, password_grace_until as "graceUntil"`,
  )
}

/** Wrong passwords in a row after which a password is disabled. (NIST SP 800-63B-4 §3.2.2) */
export const maxFailures = 100

const Failures = z.object({ failures: z.number() })

/**
 * Counts an attempt before it is checked, unless the account must wait: then nothing is counted. After 5 failures
 * in a row the wait begins and grows. Those before the office unlocked the account no longer count for the wait.
 * After `maxFailures` in total the password is disabled until it is set again.
 */
export async function insertAttempt(
  db: Queryable,
  account: Buffer,
  device: Buffer,
): Promise<number | undefined> {
  // Below the limit `open_at` is -infinity, not now(): of two concurrent attempts the earlier transaction may come second.
  const row = await maybeOne(
    db,
    Failures,
    sql`insert into password_failures as f (account, device, failures, open_at) values (${account}, ${device}, 1, '-infinity')
        on conflict (account, device) do update set failures = f.failures + 1, last_at = now(), open_at = case
          when f.failures + 1 - f.forgiven < 5 then '-infinity'
          else now() + case when f.failures + 1 - f.forgiven < 10 then interval '30 seconds'
          when f.failures + 1 - f.forgiven < 20 then interval '5 minutes'
          when f.failures + 1 - f.forgiven < 50 then interval '15 minutes' else interval '60 minutes' end end
        where f.open_at <= now() and f.failures < ${maxFailures}
        returning failures - forgiven as failures`.prepared('login attempt'),
  )
  return row?.failures
}

/** Uncounts an attempt that could not be checked. */
export async function refundAttempt(db: Queryable, account: Buffer, device: Buffer): Promise<void> {
  await run(
    db,
    sql`update password_failures set failures = greatest(0, failures - 1),
          forgiven = least(forgiven, greatest(0, failures - 1)), open_at = '-infinity'
        where account = ${account} and device = ${device}`,
  )
}

/** Deletes old failed attempts, except those that disabled a password. */
export function deleteOldAttempts(db: Queryable, most: number): Promise<number> {
  return run(
    db,
    sql`delete from password_failures where (account, device) in (
          select account, device from password_failures
          where failures < ${maxFailures} and last_at < now() - interval '30 days' limit ${most})`,
  )
}

const Wait = z.object({ failures: z.number(), seconds: z.number() })

/** How long until the next attempt. Returns nothing if the count was reset meanwhile. */
export function selectOptionalWait(db: Queryable, account: Buffer, device: Buffer) {
  return maybeOne(
    db,
    Wait,
    sql`select failures, ceil(extract(epoch from greatest(open_at, now()) - now()))::int as seconds
        from password_failures where account = ${account} and device = ${device}`,
  )
}

export function deleteAttempts(tx: Tx, account: Buffer): void {
  tx.send(sql`delete from password_failures where account = ${account}`.prepared('clear login attempts'))
}

const Forgiven = z.object({ waited: z.boolean(), failures: z.number() })

/** If an account waits: ends that on every browser, and returns what it ended. A disabled password stays disabled. */
export function updateForgiven(tx: Tx, account: Buffer) {
  return many(
    tx,
    Forgiven,
    sql`with before as (
          select device, failures - forgiven as failures, open_at > now() as waited from password_failures
          where account = ${account} and failures < ${maxFailures} for update)
        update password_failures f set forgiven = f.failures, open_at = '-infinity' from before
        where f.account = ${account} and f.device = before.device and (select bool_or(waited) from before)
        returning before.waited, before.failures`,
  )
}
