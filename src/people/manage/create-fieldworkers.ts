import type { RequestContext, Person, Target } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { insertFieldworkers, type NewFieldworker } from './queries.ts'

export type Imported = Person & { into: string | null; line: number }

/** Creates many fieldworkers at once. Rows with an email address of another account are not created but returned. */
export async function createFieldworkers<Row extends NewFieldworker & { into: string | null; line: number }>(
  tx: Tx,
  rows: Row[],
): Promise<{ people: Imported[]; taken: string[] }> {
  const ids = new Map((await insertFieldworkers(tx, rows)).map(({ id, email }) => [email, id]))
  const people = rows.flatMap(({ name, email, into, line }) => {
    const id = ids.get(email)
    return id ? [{ id, name, email, into, line }] : []
  })
  return { people, taken: rows.map(({ email }) => email).filter((email) => !ids.has(email)) }
}

/** Records an event for each person, with their line in the file and their team. */
export function recordImported(tx: Tx, by: RequestContext<Target>, file: string, people: Imported[]): void {
  recordAll(
    tx,
    by,
    people.map(({ into, line, ...subject }) => ({
      event: 'user_imported' as const,
      subject,
      details: { file, line, ...(into ? { team: into } : {}) },
    })),
  )
}
