import { z } from 'zod'
import { many, maybeOne, one, run, sql, type Queryable, type Tx } from '../db.ts'

export async function insertLetter(
  tx: Tx,
  template: string,
  to: { id: string; name: string; email: string },
  data: Record<string, unknown>,
): Promise<string> {
  const row = await one(
    tx,
    z.object({ id: z.string() }),
    sql`insert into letters (template, user_id, to_name, to_address, data)
        values (${template}, ${to.id}, ${to.name}, ${to.email}, ${data}) returning id`,
  )
  return row.id
}

const LetterRow = z.object({
  id: z.string(),
  template: z.string(),
  user_id: z.string().nullable(),
  to_name: z.string(),
  to_address: z.string(),
  data: z.record(z.string(), z.unknown()),
  status: z.enum(['queued', 'sent', 'failed']),
  created_at: z.date(),
})
export type LetterRow = z.output<typeof LetterRow>

const columns = sql`id, template, user_id, to_name, to_address, data, status, created_at`

export function selectOptionalLetter(db: Queryable, id: string): Promise<LetterRow | undefined> {
  return maybeOne(db, LetterRow, sql`select ${columns} from letters where id = ${id}`)
}

export function selectLetters(db: Queryable, limit: number): Promise<LetterRow[]> {
  return many(db, LetterRow, sql`select ${columns} from letters order by created_at desc, id limit ${limit}`)
}

export async function updateLetter(
  db: Queryable,
  id: string,
  status: LetterRow['status'],
  answer: string,
): Promise<void> {
  await run(
    db,
    sql`update letters set status = ${status}, server_answer = ${answer.slice(0, 500)},
          sent_at = case when ${status} = 'sent' then now() end
        where id = ${id} and status <> 'sent'`,
  )
}

const LetterState = z.object({
  template: z.string(),
  status: z.enum(['queued', 'sent', 'failed']),
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
        order by created_at desc, id limit ${limit}`,
  )
}
