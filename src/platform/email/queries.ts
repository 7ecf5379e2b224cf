import { inBatches } from '../in-batches.ts'
import { z } from 'zod'
import { Id, allOf, finds, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../db.ts'
import { reasonColumn } from '../reason.ts'
import { emailFailureTexts, type EmailFailure } from './failure-texts.ts'

export async function insertEmail(
  tx: Tx,
  template: string,
  to: { id: string; name: string; email: string },
  data: Record<string, unknown>,
): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into emails (template, user_id, to_name, to_address, data)
        values (${template}, ${to.id}, ${to.name}, ${to.email}, ${data}) returning id`.prepared('email'),
  )
  return row.id
}

export async function insertEmails(
  tx: Tx,
  emails: {
    id?: string
    template: string
    to: { id: string; name: string; email: string }
    data: object
  }[],
): Promise<string[]> {
  const rows = await many(
    tx,
    Id,
    sql`insert into emails (id, template, user_id, to_name, to_address, data)
        select coalesce(id, gen_random_uuid()), template, ("to" ->> 'id')::uuid, "to" ->> 'name', "to" ->> 'email', data
        from jsonb_to_recordset(${JSON.stringify(emails)}::jsonb) as p(id uuid, template text, "to" jsonb, data jsonb)
        returning id`,
  )
  return rows.map(({ id }) => id)
}

export interface DeliveryUpdate {
  emailId: string
  status: EmailRow['status']
  answer: string
  /** The address itself was rejected, so the failure counts against it. */
  bounced: boolean
}

export async function updateDeliveryStatuses(tx: Tx, updates: DeliveryUpdate[]): Promise<void> {
  const all = <Field extends keyof DeliveryUpdate>(field: Field) => updates.map((one) => one[field])
  await run(
    tx,
    sql`update emails l set status = n.status, server_answer = left(n.answer, 500), failure_reason = null,
          sent_at = case when n.status = 'sent' then now() end, not_a_bounce = n.status = 'failed' and not n.bounced
        from unnest(${all('emailId')}::uuid[], ${all('status')}::text[], ${all('answer')}::text[], ${all('bounced')}::bool[])
          as n(id, status, answer, bounced)
        where l.id = n.id and l.status <> 'sent'`,
  )
}

export const emailStatuses = ['queued', 'sent', 'failed'] as const

const EmailRow = z.object({
  id: z.string(),
  template: z.string(),
  user_id: z.string().nullable(),
  to_name: z.string(),
  to_address: z.string(),
  data: z.record(z.string(), z.unknown()),
  status: z.enum(emailStatuses),
  created_at: z.date(),
})
export type EmailRow = z.output<typeof EmailRow>

const columns = sql`id, template, user_id, to_name, to_address, data, status, created_at`

export function selectOptionalEmail(db: Queryable, id: string): Promise<EmailRow | undefined> {
  return maybeOne(db, EmailRow, sql`select ${columns} from emails where id = ${id}`)
}

export function selectEmails(db: Queryable, limit: number): Promise<EmailRow[]> {
  return many(
    db,
    EmailRow,
    sql`select ${columns} from emails order by created_at desc, id desc limit ${limit}`,
  )
}

/** Marks emails as failed that others replace, because their link became invalid before they were sent. */
export async function updateReplaced(tx: Tx, ids: string[]): Promise<void> {
  const reason: EmailFailure = { code: 'link_replaced' }
  await run(
    tx,
    sql`update emails set status = 'failed', server_answer = null, failure_reason = ${reason}::jsonb, not_a_bounce = true
        where id = any(${ids}::uuid[]) and status <> 'sent'`,
  )
}

/** What the mail server answered, or why it has not had the email. */
export type Delivery = { answer: string; reason?: undefined } | { answer?: undefined; reason: EmailFailure }

export async function updateDeliveryStatus(
  db: Queryable,
  id: string,
  status: EmailRow['status'],
  { answer, reason }: Delivery,
  bounced = false,
): Promise<void> {
  await run(
    db,
    sql`update emails set status = ${status}, server_answer = left(${answer ?? null}, 500),
          failure_reason = ${reason ?? null}::jsonb,
          sent_at = case when ${status} = 'sent' then now() end, not_a_bounce = ${status === 'failed' && !bounced}::bool
        where id = ${id} and status <> 'sent'`,
  )
}

const EmailStatus = z.object({
  template: z.string(),
  status: z.enum(emailStatuses),
  server_answer: z.string().nullable(),
  failure_reason: reasonColumn(emailFailureTexts).nullable(),
  created_at: z.date(),
})
export type EmailStatus = z.output<typeof EmailStatus>

/** The newest emails to a person, with their delivery status. */
export function selectEmailsOf(db: Queryable, userId: string, limit: number): Promise<EmailStatus[]> {
  return many(
    db,
    EmailStatus,
    sql`select template, status, server_answer, failure_reason, created_at from emails where user_id = ${userId}
        order by created_at desc, id desc limit ${limit}`,
  )
}

/** The newest email of a kind to a person. */
export function selectOptionalNewestEmail(
  db: Queryable,
  userId: string,
  template: string,
): Promise<EmailStatus | undefined> {
  return maybeOne(
    db,
    EmailStatus,
    sql`select template, status, server_answer, failure_reason, created_at from emails
        where user_id = ${userId} and template = ${template} order by created_at desc, id desc limit 1`,
  )
}

export interface EmailFilter {
  to?: string
  template?: string
  status?: string
  /** Set if the viewer's role is limited to a team. */
  team?: { teamId: string | null }
}

const EmailLogRow = EmailStatus.extend({
  id: z.string(),
  to_name: z.string(),
  to_address: z.string(),
  sent_at: z.date().nullable(),
})

/**
 * Rows of the email log, starting next to a given email: newest first towards older ones, oldest first towards newer
 * ones.
 */
export function selectEmailLog(
  db: Queryable,
  { to, template, status, team }: EmailFilter,
  { older, newer }: { older?: string; newer?: string },
  limit: number,
) {
  const positionOf = (id: string) => sql`(select created_at, id from emails where id = ${id})`
  const matching = allOf([
    to && sql`(${finds(sql`to_address`, to)} or ${finds(sql`lower(to_name)`, to)})`,
    template && sql`template = ${template}`,
    status && sql`status = ${status}`,
    team && sql`user_id in (select id from users where team_id = ${team.teamId})`,
    older && sql`(created_at, id) < ${positionOf(older)}`,
    newer && sql`(created_at, id) > ${positionOf(newer)}`,
  ])
  const order = newer ? sql`created_at, id` : sql`created_at desc, id desc`
  return many(
    db,
    EmailLogRow,
    sql`select id, template, to_name, to_address, status, server_answer, failure_reason, created_at, sent_at from emails
        where ${matching} order by ${order} limit ${limit}`,
  )
}

/** Emails are kept as long as the shortest retention of the activity log. */
export const pruneEmails = (db: Queryable): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from emails where id in (
          select id from emails where created_at < now() - interval '13 months' and status <> 'queued' limit ${most})`,
    ),
  )
