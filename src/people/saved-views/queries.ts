import { z } from 'zod'
import { Count, Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const SavedView = z.object({ id: z.string(), name: z.string(), address: z.string() })
export type SavedView = z.output<typeof SavedView>

/** The views of a page that a person saved, by name. */
export function selectSavedViews(db: Queryable, userId: string, path: string): Promise<SavedView[]> {
  return many(
    db,
    SavedView,
    sql`select id, name, path || query as address from saved_views
        where user_id = ${userId} and path = ${path} order by lower(name)`.prepared('saved views'),
  )
}

interface NewView {
  userId: string
  path: string
  query: string
  name: string
}

export async function selectOtherViewCount(tx: Tx, { userId, path, name }: NewView): Promise<number> {
  const others = sql`select count(*) from saved_views where user_id = ${userId} and path = ${path} and lower(name) <> lower(${name})`
  return (await one(tx, Count, others)).count
}

/** A view of the same name is replaced. */
export async function upsertSavedView(tx: Tx, { userId, path, query, name }: NewView): Promise<void> {
  await run(
    tx,
    sql`insert into saved_views (user_id, path, query, name) values (${userId}, ${path}, ${query}, ${name})
        on conflict (user_id, path, lower(name)) do update set query = excluded.query, name = excluded.name`,
  )
}

const Removed = Id.extend({ name: z.string(), path: z.string() })

export function deleteSavedView(tx: Tx, userId: string, id: string) {
  return maybeOne(
    tx,
    Removed,
    sql`delete from saved_views where id = ${id} and user_id = ${userId} returning id, name, path`,
  )
}
