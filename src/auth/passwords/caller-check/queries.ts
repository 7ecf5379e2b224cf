import { z } from 'zod'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../../platform/db.ts'
import { inBatches } from '../../../platform/in-batches.ts'

/** How long a code works, and for how long the office can use an outcome. */
export const codeMinutes = 5
const outcomeMinutes = 10
/** Wrong codes after which a code no longer works. */
export const maxTries = 3

export const outcomes = ['code', 'recognised', 'not_checked'] as const
export type Outcome = (typeof outcomes)[number]

const codeUntil = sql`c.created_at + make_interval(mins => ${codeMinutes})`
/** A code that can still be read out. */
const isOpen = sql`c.outcome is null and c.ended is null and ${codeUntil} > clock_timestamp()`
const isUsable = sql`c.outcome is not null and c.ended is null and c.used_at is null
  and c.outcome_at > clock_timestamp() - make_interval(mins => ${outcomeMinutes})`

const Code = z.object({
  id: z.string(),
  userId: z.string(),
  officeId: z.string(),
  officeName: z.string(),
  nonce: z.instanceof(Buffer),
  until: z.date(),
})
const codeColumns = sql`c.id, c.user_id as "userId", c.office_id as "officeId", o.name as "officeName", c.nonce,
  ${codeUntil} as until`
const codes = sql`caller_checks c join users o on o.id = c.office_id`

/** The code of an email that is about to be sent. */
export function selectOptionalCode(db: Queryable, id: string) {
  return maybeOne(
    db,
    Code,
    sql`select ${codeColumns} from ${codes} where c.id = ${id} and c.nonce is not null`,
  )
}

/** The code that the office asks a person for right now. */
export function selectOptionalOpenCode(db: Queryable, userId: string) {
  return maybeOne(
    db,
    Code,
    sql`select ${codeColumns} from ${codes} where c.user_id = ${userId} and ${isOpen}`.lookup('open code'),
  )
}

const Asked = Code.extend({ tries: z.number(), ended: z.string().nullable(), open: z.boolean() })

/** The newest code that this office person sent to this person, working or not. */
export function selectOptionalNewestCode(tx: Tx, userId: string, officeId: string) {
  return maybeOne(
    tx,
    Asked,
    sql`select ${codeColumns}, c.tries, c.ended, ${isOpen} as open from ${codes}
        where c.user_id = ${userId} and c.office_id = ${officeId} and c.nonce is not null
        order by c.created_at desc limit 1`,
  )
}

interface NewCode {
  userId: string
  officeId: string
  email: string
  nonce: Buffer
  linkId: string
}

const Sent = z.object({ id: z.string(), until: z.date() })

/** Replaces the code that the person had. */
export async function insertCode(tx: Tx, { userId, officeId, email, nonce, linkId }: NewCode) {
  await run(
    tx,
    sql`update caller_checks set ended = 'replaced' where user_id = ${userId} and outcome is null and ended is null`,
  )
  return one(
    tx,
    Sent,
    sql`insert into caller_checks as c (user_id, office_id, email, nonce, link_id)
        values (${userId}, ${officeId}, ${email}, ${nonce}, ${linkId}) returning c.id, ${codeUntil} as until`,
  )
}

/** Counts a wrong code; the last one ends it. */
export async function updateWrongTry(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    sql`update caller_checks set tries = tries + 1, ended = case when tries + 1 >= ${maxTries} then 'wrong' end
        where id = ${id}`,
  )
}

export async function updateCodeAnswered(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    sql`update caller_checks set outcome = 'code', outcome_at = clock_timestamp() where id = ${id}`,
  )
}

interface Statement {
  userId: string
  officeId: string
  outcome: Outcome
  reason: string | null
}

export async function insertStatement(tx: Tx, { userId, officeId, outcome, reason }: Statement) {
  const row = await one(
    tx,
    Id,
    sql`insert into caller_checks (user_id, office_id, outcome, reason, outcome_at)
        values (${userId}, ${officeId}, ${outcome}, ${reason}, clock_timestamp()) returning id`,
  )
  return row.id
}

const Usable = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  reason: z.string().nullable(),
  at: z.date(),
  until: z.date(),
})
export type UsableCheck = z.output<typeof Usable>

/** The newest outcome that this office person can still use for one action on this person. */
export function selectOptionalUsableCheck(db: Queryable, userId: string, officeId: string) {
  return maybeOne(
    db,
    Usable,
    sql`select c.id, c.outcome, c.reason, c.outcome_at as at,
          c.outcome_at + make_interval(mins => ${outcomeMinutes}) as until from caller_checks c
        where c.user_id = ${userId} and c.office_id = ${officeId} and ${isUsable}
        order by c.outcome_at desc limit 1`,
  )
}

/** An action uses up its check, and every other of the same two people with it. */
export async function updateChecksUsed(tx: Tx, userId: string, officeId: string): Promise<void> {
  await run(
    tx,
    sql`update caller_checks set used_at = clock_timestamp()
        where user_id = ${userId} and office_id = ${officeId} and outcome is not null and used_at is null`,
  )
}

const Refused = z.object({ officeName: z.string() })

/**
 * Ends what a person says that they did not call for: a code that waits, and the outcome of one that was not used
 * yet. Returns who asked.
 */
export function updateCodesRefused(tx: Tx, userId: string) {
  return many(
    tx,
    Refused,
    sql`update caller_checks c set ended = 'refused' from users o
        where c.user_id = ${userId} and o.id = c.office_id and c.nonce is not null and c.ended is null and c.used_at is null
          and c.created_at > now() - interval '1 day'
        returning o.name as "officeName"`,
  )
}

const Asker = z.object({ officeName: z.string() })

/** Who sent the code of this email. */
export function selectOptionalAsker(db: Queryable, linkId: string) {
  return maybeOne(db, Asker, sql`select o.name as "officeName" from ${codes} where c.link_id = ${linkId}`)
}

const State = z.object({
  verified: z.boolean(),
  emailChangedAt: z.date().nullable(),
  recentlyChanged: z.boolean(),
})

/** Whether a code can be sent to a person, and whether their address is new. */
export function selectAddressState(db: Queryable, userId: string) {
  return one(
    db,
    State,
    sql`select email_verified_at is not null as verified, email_changed_at as "emailChangedAt",
          coalesce(email_changed_at > now() - interval '7 days', false) as "recentlyChanged"
        from users where id = ${userId}`,
  )
}

const Pending = z.object({
  email: z.string(),
  at: z.date(),
  until: z.date(),
  tries: z.number(),
  state: z.enum(['open', 'expired', 'replaced', 'wrong', 'refused']),
})
export type PendingCode = z.output<typeof Pending>

/** The newest code of the last minutes between two people that has no outcome yet, for the page of the office. */
export function selectOptionalPendingCode(db: Queryable, userId: string, officeId: string) {
  return maybeOne(
    db,
    Pending,
    sql`select c.email, c.created_at as at, ${codeUntil} as until, c.tries,
          case when ${isOpen} then 'open' else coalesce(c.ended, 'expired') end as state from caller_checks c
        where c.user_id = ${userId} and c.office_id = ${officeId} and c.nonce is not null
          and (c.outcome is null or c.ended = 'refused') and c.used_at is null
          and c.created_at > clock_timestamp() - make_interval(mins => ${outcomeMinutes})
        order by c.created_at desc limit 1`,
  )
}

/** Checks are in the log. The rows are needed while a link of an email can be opened. */
export const pruneCallerChecks = (db: Queryable): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from caller_checks where id in (
          select id from caller_checks where created_at < now() - interval '30 days' limit ${most})`,
    ),
  )
