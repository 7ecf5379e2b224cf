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
  /** Seconds it lives from now on; null when its life begins with the delivery of a letter. */
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
        select ${purpose}, u.id, u.email, u.credential_version, made.nonce
        from unnest(${userIds}::uuid[], ${nonces}::bytea[]) made (user_id, nonce) join users u on u.id = made.user_id
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
  campaignId: string,
  seconds: Record<Purpose, number>,
  links: ActiveLink[],
): Promise<void> {
  const all = <Field extends keyof ActiveLink>(field: Field) => links.map((link) => link[field])
  await run(
    tx,
    sql`insert into links (id, purpose, user_id, email_at_issue, credential_version, nonce, token_hash, leads_to,
          campaign_id, expires_at)
        select l.id, l.purpose, u.id, u.email, u.credential_version, l.nonce, l.token_hash, l.leads_to, ${campaignId},
          now() + make_interval(secs => (${seconds}::jsonb ->> l.purpose)::int)
        from unnest(${all('id')}::uuid[], ${all('purpose')}::text[], ${all('userId')}::uuid[], ${all('nonce')}::bytea[],
          ${all('tokenHash')}::bytea[], ${all('leadsTo')}::text[])
          as l(id, purpose, user_id, nonce, token_hash, leads_to)
        join users u on u.id = l.user_id`,
  )
}

/** Those of them that nothing has killed but time. */
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
          -- an objection that was mailed to an earlier address is not for a later one to take away
          and (purpose <> 'not_me' or email_at_issue = (select email from users where id = l.user_id))`,
  )
}

export async function updateAllLinksSuperseded(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update links set superseded_at = now() where user_id = ${userId} and used_at is null and superseded_at is null`,
  )
}

/** Takes away the objections that were mailed after this one, to addresses that it takes back. */
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

/** The newest link of these purposes that was made so many seconds ago at most and that nothing has ended. */
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

/** Where a link leads to: what leads on to a new password goes on doing so. */
export async function updateLeadsTo(tx: Tx, id: string, leadsTo: string | null): Promise<void> {
  await run(
    tx,
    sql`update links set leads_to = ${leadsTo} where id = ${id} and leads_to is distinct from 'reset'`,
  )
}

/** Gives a link its token and its time, at the delivery of the letter that carries it. */
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

// An invitation is for who has no account in use yet, all others for who has. `not_me` outlives the very change that it undoes.
const fits = sql`u.status = case l.purpose when 'invite' then 'invited' else 'active' end`
const alive = sql`l.used_at is null and l.superseded_at is null and l.expires_at > now() and ${fits}
  and (l.purpose = 'not_me' or (u.email = l.email_at_issue and u.credential_version = l.credential_version))`

const State = LinkRow.extend({
  alive: z.boolean(),
  expired: z.boolean(),
  fits_status: z.boolean(),
  user_status: z.string(),
  email_moved: z.boolean(),
  email_now: z.string(),
})
export type LinkState = z.output<typeof State>

const state = sql`${columns}, (${alive}) as alive, coalesce(l.expires_at <= now(), false) as expired,
  ${fits} as fits_status, u.status as user_status, u.email <> l.email_at_issue as email_moved, u.email as email_now`

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

/** Spends a link: of any number at once exactly one gets the row. (ASVS 15.4.2, 2.3.4) */
export function updateLinkUsed(tx: Tx, id: string, purpose: Purpose): Promise<LinkRow | undefined> {
  return maybeOne(
    tx,
    LinkRow,
    sql`update links l set used_at = now() from users u
        where l.id = ${id} and l.purpose = ${purpose} and u.id = l.user_id and ${alive} returning ${columns}`,
  )
}

export function deleteOldLinks(db: Queryable, most: number): Promise<number> {
  return run(
    db,
    sql`delete from links where id in (
          select id from links where created_at < now() - interval '13 months' limit ${most})`,
  )
}
