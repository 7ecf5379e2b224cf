import { inBatches } from '../../platform/in-batches.ts'
import { z } from 'zod'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'
import { purposes, type Purpose } from '../../company/link-lifetimes.ts'

const LinkRow = z.object({
  id: z.string(),
  purpose: z.enum(purposes),
  user_id: z.string(),
  email_at_issue: z.string(),
  credential_version: z.number(),
  nonce: z.instanceof(Buffer),
  new_email: z.string().nullable(),
  leads_to: z.string().nullable(),
  expires_at: z.date().nullable(),
  used_at: z.date().nullable(),
  superseded_at: z.date().nullable(),
})
export type LinkRow = z.output<typeof LinkRow>

const columns = sql`l.id, l.purpose, l.user_id, l.email_at_issue, l.credential_version, l.nonce, l.new_email, l.leads_to,
  l.expires_at, l.used_at, l.superseded_at`

export interface NewLink {
  purpose: Purpose
  userId: string
  nonce: Buffer
  newEmail: string | null
  leadsTo: string | null
  /** Seconds of its lifetime from now on. Null when its lifetime begins with the delivery of an email. */
  seconds: number | null
}

export async function insertLink(tx: Tx, link: NewLink): Promise<string> {
  const { purpose, userId, nonce, newEmail, leadsTo, seconds } = link
  const row = await one(
    tx,
    Id,
    sql`insert into links (purpose, user_id, email_at_issue, credential_version, nonce, new_email, leads_to, expires_at)
        select ${purpose}, id, email, credential_version, ${nonce}, ${newEmail}, ${leadsTo}, now() + make_interval(secs => ${seconds})
        from users where id = ${userId} returning id`,
  )
  return row.id
}

const LinkOf = z.object({ id: z.string(), user_id: z.string() })
export type LinkOf = z.output<typeof LinkOf>

export function insertLinks(
  tx: Tx,
  purpose: Purpose,
  userIds: string[],
  nonces: Buffer[],
): Promise<LinkOf[]> {
  return many(
    tx,
    LinkOf,
    sql`insert into links (purpose, user_id, email_at_issue, credential_version, nonce)
        select ${purpose}, u.id, u.email, u.credential_version, issued.nonce
        from unnest(${userIds}::uuid[], ${nonces}::bytea[]) issued (user_id, nonce) join users u on u.id = issued.user_id
        returning id, user_id`,
  )
}

interface ActiveLink {
  id: string
  userId: string
  purpose: Purpose
  nonce: Buffer
  tokenHash: Buffer
  leadsTo: string | null
}

export async function insertActiveLinks(
  tx: Tx,
  campaignId: string | null,
  seconds: Record<Purpose, number>,
  links: ActiveLink[],
): Promise<void> {
  const all = <Field extends keyof ActiveLink>(field: Field) => links.map((link) => link[field])
  await run(
    tx,
    sql`insert into links (id, purpose, user_id, email_at_issue, credential_version, nonce, token_hash, leads_to,
          campaign_id, expires_at)
        select l.id, l.purpose, u.id, u.email, u.credential_version, l.nonce, l.token_hash, l.leads_to, ${campaignId}::uuid,
          now() + make_interval(secs => (${seconds}::jsonb ->> l.purpose)::int)
        from unnest(${all('id')}::uuid[], ${all('purpose')}::text[], ${all('userId')}::uuid[], ${all('nonce')}::bytea[],
          ${all('tokenHash')}::bytea[], ${all('leadsTo')}::text[])
          as l(id, purpose, user_id, nonce, token_hash, leads_to)
        join users u on u.id = l.user_id`,
  )
}

/** Restarts the lifetime of links that are invalid for no reason but time. */
export function updateLinksReactivated(
  tx: Tx,
  ids: string[],
  seconds: Record<Purpose, number>,
): Promise<LinkRow[]> {
  return many(
    tx,
    LinkRow,
    sql`update links l set expires_at = now() + make_interval(secs => (${seconds}::jsonb ->> l.purpose)::int)
        from users u where l.id = any(${ids}::uuid[]) and l.used_at is null and l.superseded_at is null
          and u.id = l.user_id and u.email = l.email_at_issue and u.credential_version = l.credential_version
        returning ${columns}`,
  )
}

export async function updateLinksSuperseded(
  tx: Tx,
  userIds: string[],
  ofPurposes: readonly Purpose[],
): Promise<void> {
  await run(
    tx,
    sql`update links l set superseded_at = now()
        where user_id = any(${userIds}::uuid[]) and purpose = any(${ofPurposes}) and used_at is null and superseded_at is null
          -- a dispute mailed to an earlier address is not invalidated by a later one
          and (purpose <> 'not_me' or email_at_issue = (select email from users where id = l.user_id))`,
  )
}

export async function updateAllLinksSuperseded(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update links set superseded_at = now() where user_id = ${userId} and used_at is null and superseded_at is null`,
  )
}

/** Invalidates the disputes that were mailed after this one, to addresses that it reverts. */
export async function updateLaterDisputesSuperseded(tx: Tx, userId: string, linkId: string): Promise<void> {
  await run(
    tx,
    sql`update links set superseded_at = now() where user_id = ${userId} and purpose = 'not_me' and used_at is null
          and superseded_at is null and created_at > (select created_at from links where id = ${linkId})`,
  )
}

export function selectOptionalLink(db: Queryable, id: string): Promise<LinkRow | undefined> {
  return maybeOne(db, LinkRow, sql`select ${columns} from links l where id = ${id}`)
}

/** The newest valid link of these purposes that was created at most so many seconds ago. */
export function selectOptionalRecentLink(
  tx: Tx,
  userId: string,
  ofPurposes: readonly Purpose[],
  seconds: number,
): Promise<{ id: string } | undefined> {
  return maybeOne(
    tx,
    Id,
    sql`select l.id from links l join users u on u.id = l.user_id
        where u.id = ${userId} and l.purpose = any(${ofPurposes}) and l.used_at is null and l.superseded_at is null
          and l.created_at > now() - make_interval(secs => ${seconds}) and coalesce(l.expires_at > now(), true)
          and l.email_at_issue = u.email and l.credential_version = u.credential_version
        order by l.created_at desc limit 1`,
  )
}

/** Changes where a link leads. A link that leads to a new password keeps doing so. */
export async function updateLeadsTo(tx: Tx, id: string, leadsTo: string | null): Promise<void> {
  await run(
    tx,
    sql`update links set leads_to = ${leadsTo} where id = ${id} and leads_to is distinct from 'reset'`,
  )
}

/** Gives a link its token and its lifetime, when its email is delivered. */
export async function updateLinkActivated(
  db: Queryable,
  id: string,
  tokenHash: Buffer,
  seconds: number,
): Promise<void> {
  await run(
    db,
    sql`update links set token_hash = ${tokenHash}, expires_at = now() + make_interval(secs => ${seconds})
        where id = ${id} and used_at is null`,
  )
}

// Invitations are for invited accounts, all other links for active ones; anyone may say that they did not call.
const fitsStatus = sql`(l.purpose = 'not_my_call' or u.status = case l.purpose when 'invite' then 'invited' else 'active' end)`
/**
 * Whether a link may be used, and so when each emailed link expires: a reset link, an invitation, a verification. The page
 * asks it, and the use of the link again. `not_me` stays valid after the change that it reverts,
 * `not_my_call` after whatever the office did meanwhile.
 */
const isUsable = sql`l.used_at is null and l.superseded_at is null and l.expires_at > clock_timestamp() and ${fitsStatus}
  and (l.purpose in ('not_me', 'not_my_call') or (u.email = l.email_at_issue and u.credential_version = l.credential_version))`

const State = LinkRow.extend({
  valid: z.boolean(),
  expired: z.boolean(),
  fits_status: z.boolean(),
  user_status: z.string(),
  email_changed: z.boolean(),
  email_now: z.string(),
})
export type LinkState = z.output<typeof State>

const state = sql`${columns}, (${isUsable}) as valid, coalesce(l.expires_at <= clock_timestamp(), false) as expired,
  ${fitsStatus} as fits_status, u.status as user_status, u.email <> l.email_at_issue as email_changed, u.email as email_now`

export function selectOptionalStateByToken(db: Queryable, tokenHash: Buffer): Promise<LinkState | undefined> {
  return maybeOne(
    db,
    State,
    sql`select ${state} from links l join users u on u.id = l.user_id where l.token_hash = ${tokenHash}`,
  )
}

export function selectOptionalState(db: Queryable, id: string): Promise<LinkState | undefined> {
  return maybeOne(
    db,
    State,
    sql`select ${state} from links l join users u on u.id = l.user_id where l.id = ${id}`,
  )
}

/** Consumes a link. Of concurrent requests exactly one gets the row. (ASVS 15.4.2, 2.3.4) */
export function updateLinkUsed(tx: Tx, id: string, purpose: Purpose): Promise<LinkRow | undefined> {
  return maybeOne(
    tx,
    LinkRow,
    sql`update links l set used_at = now() from users u
        where l.id = ${id} and l.purpose = ${purpose} and u.id = l.user_id and ${isUsable} returning ${columns}`,
  )
}

/** Deletes old links. Their pages then say that the link is unknown, and no longer why it is invalid. */
export const pruneLinks = (db: Queryable): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from links where id in (
          select id from links where created_at < now() - interval '13 months' limit ${most})`,
    ),
  )
