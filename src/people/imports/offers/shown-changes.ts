import type { Actor } from '../../../access/actor.ts'
import { can } from '../../../access/can.ts'
import type { Queryable } from '../../../platform/db.ts'
import { selectChanges, selectKnown, type Change } from './queries.ts'

const changesShown = 500

/** A page of the people that an import would update, with each field that would change: old and new. */
export interface Changes {
  people: { line: number; id: string; name: string; fields: { label: string; old: string; new: string }[] }[]
  /** The line after which the next page begins. */
  next: number | null
  isFirst: boolean
}

/** Only people who the actor may edit now: they may have been moved since the file was checked. */
export async function shownChanges(
  db: Queryable,
  actor: Actor,
  importId: string | null,
  after: number,
): Promise<Changes> {
  const found = importId === null ? [] : await selectChanges(db, importId, after, changesShown + 1)
  const rows = found.slice(0, changesShown)
  const known = await selectKnown(db, { ids: rows.map(({ user_id }) => user_id) })
  const editable = new Set(
    [...known.values()].flatMap(({ target }) => (can(actor, 'users.manage', target) ? target.id : [])),
  )
  return {
    people: rows.filter(({ user_id }) => editable.has(user_id)).map(toView),
    next: found.length > changesShown ? (rows.at(-1)?.line ?? null) : null,
    isFirst: after === 0,
  }
}

function toView({ line, user_id: id, stored, name, phone, team }: Change) {
  const fields = [
    { label: 'Name', old: stored.name, new: name },
    { label: 'Phone', old: stored.phone ?? '', new: phone ?? '' },
    { label: 'Team', old: stored.team ?? '', new: team },
  ]
  return { line, id, name: stored.name, fields: fields.filter((field) => field.old !== field.new) }
}
