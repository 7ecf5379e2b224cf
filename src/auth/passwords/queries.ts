import { z } from 'zod'
import type { PasswordMethod } from '../../activity/event-types.ts'
import { many, maybeOne, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const Credential = z.object({
  password_hash: z.string().nullable(),
  retired_hashes: z.array(z.string()),
  credential_version: z.number(),
  temporary: z.boolean(),
  /** A temporary one that died unused. */
  died: z.boolean(),
  /** It reached its greatest age and is to be replaced. */
  expired: z.boolean(),
})
export type Credential = z.output<typeof Credential>

export function selectOptionalCredential(db: Queryable, userId: string): Promise<Credential | undefined> {
  return maybeOne(
    db,
    Credential,
    sql`select password_hash, retired_hashes, credential_version, temporary_password_expires_at is not null as temporary,
          coalesce(temporary_password_expires_at <= now(), false) as died, password_expired_at is not null as expired
        from users where id = ${userId}`,
  )
}

export interface NewPassword {
  userId: string
  hash: string
  method: PasswordMethod
  changedBy: string
  /** Hours until it dies unless replaced; null makes it lasting. */
  temporaryHours: number | null
  /** The epoch at which the change was decided: nothing is changed when another change came in between. */
  credentialVersion: number
}

/** With the one in use among those that may not be chosen again, the last five of them. */
const retired = sql`(array_remove(array_prepend(password_hash, retired_hashes), null))[1:5]`

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
          retired_hashes = case when temporary_password_expires_at is not null or ${method} = 'admin' then ${retired} else retired_hashes end,
          password_changed_at = now(), password_changed_by = ${changedBy},
          password_method = ${method}, credential_version = credential_version + 1, temporary_password_expired_at = null,
          password_expired_at = null, password_grace_until = null, temporary_password_expires_at = now() + make_interval(hours => ${temporaryHours}::int)
        where id = ${userId} and credential_version = ${credentialVersion}
        returning credential_version, temporary_password_expires_at`,
  )
}

/** Leaves the account without a password, and keeps the hash of what it was, so that it is not chosen again. */
export async function updatePasswordInvalidated(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update users set password_hash = null, retired_hashes = ${retired},
          credential_version = credential_version + 1, temporary_password_expires_at = null,
          temporary_password_expired_at = null, password_expired_at = null, password_grace_until = null where id = ${userId}`,
  )
}

/** The same password under stronger parameters: neither a change nor an event. */
export async function updateHash(db: Queryable, userId: string, old: string, hash: string): Promise<void> {
  await run(db, sql`update users set password_hash = ${hash} where id = ${userId} and password_hash = ${old}`)
}

const Sample = z.object({ hash: z.string() })

/** A hash made with each of the parameters that passwords are hashed with, the commonest first. */
export async function selectHashOfEachKind(db: Queryable): Promise<string[]> {
  const rows = await many(
    db,
    Sample,
    sql`select min(password_hash) as hash from users where password_hash is not null
        group by split_part(password_hash, '$', 4), length(password_hash) order by count(*) desc, hash`,
  )
  return rows.map(({ hash }) => hash)
}

const ExpiredTemporary = z.object({ id: z.string(), name: z.string(), email: z.string() })

/** Marks the temporary passwords that died since the last time, and gives whose they were. */
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

/** Passwords that are to be replaced; gives whose they are, without those that are to be replaced already. */
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

const Failures = z.object({ failures: z.number() })

/**
 * Counts a try before it is judged, unless the account must wait: then nothing is counted. After 5 wrong ones in a row
 * the wait begins and grows; after 100 the password is of no use until it is set anew (NIST SP 800-63B-4 §3.2.2).
 */
export async function insertAttempt(
  db: Queryable,
  account: Buffer,
  device: Buffer,
): Promise<number | undefined> {
  // A free try opens the next one since ever, not since now: of two at once the one that began first may come second.
  const row = await maybeOne(
    db,
    Failures,
    sql`insert into password_failures as f (account, device, failures, open_at) values (${account}, ${device}, 1, '-infinity')
        on conflict (account, device) do update set failures = f.failures + 1, last_at = now(), open_at = case
          when f.failures + 1 < 5 then '-infinity' else now() + case when f.failures + 1 < 10 then interval '30 seconds'
          when f.failures + 1 < 20 then interval '5 minutes' when f.failures + 1 < 50 then interval '15 minutes'
          else interval '60 minutes' end end
        where f.open_at <= now() and f.failures < 100
        returning failures`.prepared('try'),
  )
  return row?.failures
}

/** Takes back a try that could not be judged. */
export async function refundAttempt(db: Queryable, account: Buffer, device: Buffer): Promise<void> {
  await run(
    db,
    sql`update password_failures set failures = greatest(0, failures - 1), open_at = '-infinity'
        where account = ${account} and device = ${device}`,
  )
}

/** Forgets wrong tries of long ago; a password that they disabled stays so. */
export function deleteOldAttempts(db: Queryable, most: number): Promise<number> {
  return run(
    db,
    sql`delete from password_failures where (account, device) in (
          select account, device from password_failures
          where failures < 100 and last_at < now() - interval '30 days' limit ${most})`,
  )
}

const Wait = z.object({ failures: z.number(), seconds: z.number() })

/** How long until the next try; none when the slate was wiped meanwhile. */
export function selectOptionalWait(db: Queryable, account: Buffer, device: Buffer) {
  return maybeOne(
    db,
    Wait,
    sql`select failures, ceil(extract(epoch from greatest(open_at, now()) - now()))::int as seconds
        from password_failures where account = ${account} and device = ${device}`,
  )
}

export async function deleteAttempts(db: Queryable, account: Buffer): Promise<void> {
  await run(db, sql`delete from password_failures where account = ${account}`.prepared('clear tries'))
}
