import { z } from 'zod'
import { many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'
import type { CannedText } from './forms.ts'

const Row = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  original: z.object({ name: z.string(), subject: z.string(), body: z.string() }).nullable(),
  changed_at: z.date(),
})
export type CannedResponse = z.output<typeof Row>

const columns = sql`id, name, subject, body, original, changed_at`

export function selectCannedResponses(db: Queryable): Promise<CannedResponse[]> {
  return many(
    db,
    Row,
    sql`select ${columns} from canned_responses order by original is null, lower(name) desc, id`,
  )
}

export function selectOptionalCannedResponse(db: Queryable, id: string): Promise<CannedResponse | undefined> {
  return maybeOne(db, Row, sql`select ${columns} from canned_responses where id = ${id}`)
}

const Taken = z.object({ taken: z.boolean() })

export async function selectNameTaken(
  db: Queryable,
  name: string,
  except: string | undefined,
): Promise<boolean> {
  const row = await one(
    db,
    Taken,
    sql`select exists (select from canned_responses where lower(name) = lower(${name}) and id is distinct from ${except ?? null}::uuid) as taken`,
  )
  return row.taken
}

export function selectOptionalCannedResponseForUpdate(
  tx: Tx,
  id: string,
): Promise<CannedResponse | undefined> {
  return maybeOne(tx, Row, sql`select ${columns} from canned_responses where id = ${id} for update`)
}

/** Locks it against changes until the transaction ends. */
export function selectOptionalCannedResponseForShare(
  tx: Tx,
  id: string,
): Promise<CannedResponse | undefined> {
  return maybeOne(tx, Row, sql`select ${columns} from canned_responses where id = ${id} for share`)
}

export async function insertCannedResponse(tx: Tx, { name, subject, body }: CannedText): Promise<void> {
  await run(tx, sql`insert into canned_responses (name, subject, body) values (${name}, ${subject}, ${body})`)
}

export async function updateCannedResponse(tx: Tx, id: string, text: CannedText): Promise<void> {
  await run(
    tx,
    sql`update canned_responses set name = ${text.name}, subject = ${text.subject}, body = ${text.body}, changed_at = now()
        where id = ${id}`,
  )
}

export async function deleteCannedResponse(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`delete from canned_responses where id = ${id}`)
}
