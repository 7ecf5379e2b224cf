import { z } from 'zod'
import { Id, allOf, finds, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../db.ts'

export async function insertLetter(
  tx: Tx,
  template: string,
  to: { id: string; name: string; email: string },
  data: Record<string, unknown>,
): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into letters (template, user_id, to_name, to_address, data)
        values (${template}, ${to.id}, ${to.name}, ${to.email}, ${data}) returning id`.prepared('letter'),
  )
  return row.id
}

export async function insertLetters(
  tx: Tx,
  postings: {
    id?: string
    template: string
    to: { id: string; name: string; email: string }
    data: object
  }[],
): Promise<string[]> {
  const rows = await many(
    tx,
    Id,
    sql`insert into letters (id, template, user_id, to_name, to_address, data)
        select coalesce(id, gen_random_uuid()), template, ("to" ->> 'id')::uuid, "to" ->> 'name', "to" ->> 'email', data
        from jsonb_to_recordset(${JSON.stringify(postings)}::jsonb) as p(id uuid, template text, "to" jsonb, data jsonb)
        returning id`,
  )
  return rows.map(({ id }) => id)
}

export interface LetterNews {
  letterId: string
  status: LetterRow['status']
  answer: string
  /** Refused because of its address, so that it counts against it. */
  bounced: boolean
}

export async function updateLetters(tx: Tx, news: LetterNews[]): Promise<void> {
  const all = <Field extends keyof LetterNews>(field: Field) => news.map((one) => one[field])
  await run(
    tx,
    sql`update letters l set status = n.status, server_answer = left(n.answer, 500),
          sent_at = case when n.status = 'sent' then now() end, not_a_bounce = n.status = 'failed' and not n.bounced
        from unnest(${all('letterId')}::uuid[], ${all('status')}::text[], ${all('answer')}::text[], ${all('bounced')}::bool[])
          as n(id, status, answer, bounced)
        where l.id = n.id and l.status <> 'sent'`,
  )
}

export const letterStates = ['queued', 'sent', 'failed'] as const

const LetterRow = z.object({
  id: z.string(),
  template: z.string(),
  user_id: z.string().nullable(),
  to_name: z.string(),
  to_address: z.string(),
  data: z.record(z.string(), z.unknown()),
  status: z.enum(letterStates),
  created_at: z.date(),
})
export type LetterRow = z.output<typeof LetterRow>

const columns = sql`id, template, user_id, to_name, to_address, data, status, created_at`

export function selectOptionalLetter(db: Queryable, id: string): Promise<LetterRow | undefined> {
  return maybeOne(db, LetterRow, sql`select ${columns} from letters where id = ${id}`)
}

export function selectLetters(db: Queryable, limit: number): Promise<LetterRow[]> {
  return many(
    db,
    LetterRow,
    sql`select ${columns} from letters order by created_at desc, id desc limit ${limit}`,
  )
}

export async function updateLetter(
  db: Queryable,
  id: string,
  status: LetterRow['status'],
  answer: string,
  bounced = false,
): Promise<void> {
  await run(
    db,
    sql`update letters set status = ${status}, server_answer = ${answer.slice(0, 500)},
          sent_at = case when ${status} = 'sent' then now() end, not_a_bounce = ${status === 'failed' && !bounced}::bool
        where id = ${id} and status <> 'sent'`,
  )
}

const LetterState = z.object({
  template: z.string(),
  status: z.enum(letterStates),
  server_answer: z.string().nullable(),
  created_at: z.date(),
})
export type LetterState = z.output<typeof LetterState>

/** The newest letters to somebody, and what became of them. */
export function selectLettersOf(db: Queryable, userId: string, limit: number): Promise<LetterState[]> {
  return many(
    db,
    LetterState,
    sql`select template, status, server_answer, created_at from letters where user_id = ${userId}
        order by created_at desc, id desc limit ${limit}`,
  )
}

export interface LetterFilter {
  to?: string
  template?: string
  status?: string
  /** Given for a viewer whose role reaches a team alone. */
  team?: { teamId: string | null }
}

const LoggedLetter = LetterState.extend({
  id: z.string(),
  to_name: z.string(),
  to_address: z.string(),
  sent_at: z.date().nullable(),
})

/** Mails as the email log tells of them; the next to `place` first, newest first on the way to older ones. */
export function selectLetterLog(
  db: Queryable,
  { to, template, status, team }: LetterFilter,
  { older, newer }: { older?: string; newer?: string },
  limit: number,
) {
  const placeOf = (id: string) => sql`(select created_at, id from letters where id = ${id})`
  const matching = allOf([
    to && sql`(${finds(sql`to_address`, to)} or ${finds(sql`lower(to_name)`, to)})`,
    template && sql`template = ${template}`,
    status && sql`status = ${status}`,
    team && sql`user_id in (select id from users where team_id = ${team.teamId})`,
    older && sql`(created_at, id) < ${placeOf(older)}`,
    newer && sql`(created_at, id) > ${placeOf(newer)}`,
  ])
  const order = newer ? sql`created_at, id` : sql`created_at desc, id desc`
  return many(
    db,
    LoggedLetter,
    sql`select id, template, to_name, to_address, status, server_answer, created_at, sent_at from letters
        where ${matching} order by ${order} limit ${limit}`,
  )
}

export function deleteOldLetters(db: Queryable, most: number): Promise<number> {
  return run(
    db,
    sql`delete from letters where id in (
          select id from letters where created_at < now() - interval '13 months' and status <> 'queued' limit ${most})`,
  )
}
