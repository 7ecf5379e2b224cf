import type { RequestContext, Target } from '../../../access/actor.ts'
import { can } from '../../../access/can.ts'
import type { Tx } from '../../../platform/db.ts'
import { updatePeople, type PersonUpdate } from '../../manage/update-people.ts'
import type { Row } from '../queries.ts'
import type { Problem } from '../reason-texts.ts'
import { selectKnown, updateLeftOut } from './queries.ts'
import type { Known } from './find-update.ts'

/**
 * Updates the people of accepted rows, who are locked. Each is authorized as by _Edit details_, and compared with what the
 * dry run showed: rows of people who changed meanwhile are left out.
 */
export async function updateKnownPeople(
  tx: Tx,
  by: RequestContext<Target>,
  importId: string,
  rows: Row[],
): Promise<void> {
  const known = await selectKnown(tx, { ids: rows.flatMap(({ user_id }) => user_id ?? []) })
  const byId = new Map([...known.values()].map((person) => [person.target.id, person]))
  const leftOut: { line: number; problem: Problem }[] = []
  const updates: PersonUpdate[] = []
  for (const row of rows) {
    const person = byId.get(row.user_id ?? '')
    const problem = problemOf(by.actor, row, person)
    if (problem) leftOut.push({ line: row.line, problem })
    else if (person) updates.push(updateOf(row, person))
  }
  await updateLeftOut(tx, importId, leftOut)
  await updatePeople(tx, by, updates)
}

/** To someone who may not edit the person now, the row says only what it says of any taken address. */
function problemOf(actor: Target, row: Row, person: Known | undefined): Problem | null {
  if (!person || !can(actor, 'users.manage', person.target)) return { code: 'address_taken' }
  const { stored } = row
  const isAsShown =
    person.target.email === row.email &&
    person.name === stored?.name &&
    person.phone === stored.phone &&
    person.teamId === stored.teamId
  if (!isAsShown) return { code: 'changed_meanwhile' }
  return can(actor, 'users.manage', { ...person.target, teamId: row.team_id })
    ? null
    : { code: 'not_allowed' }
}

const updateOf = (row: Row, { target, name, phone, team }: Known): PersonUpdate => ({
  id: target.id,
  before: { email: row.email, name, phone, team },
  after: { email: row.email, name: row.name, phone: row.phone, team: row.into },
  teamId: row.team_id,
})
