import type { Actor, Person, RequestContext, Target } from '../../../access/actor.ts'
import type { Company } from '../../../company/queries.ts'
import type { Queryable, Tx } from '../../../platform/db.ts'
import type { Errors } from '../../../platform/result.ts'
import { recordOutcome, type Statement } from './answer-check.ts'
import { insertStatement, selectOptionalUsableCheck, updateChecksUsed } from './queries.ts'

/** The error of an action for which the company requires a caller check, if there is none that can be used. */
export async function callerCheckErrors(
  db: Queryable,
  { callerCheck }: Company,
  by: Actor,
  target: Target | Person,
  statement: Statement | null,
): Promise<Errors> {
  if (callerCheck === 'off' || statement) return {}
  return (await selectOptionalUsableCheck(db, target.id, by.id)) ? {} : { outcome: required }
}

/**
 * Uses the caller check up for one action and returns its outcome as details of the action’s event. A statement of
 * the same form is a check of its own. (ASVS 16.2.1)
 */
export async function useCallerCheck(
  tx: Tx,
  by: RequestContext<Actor>,
  user: Person,
  statement: Statement | null,
): Promise<{ caller_check?: string; caller_check_reason?: string }> {
  if (statement) {
    await insertStatement(tx, { userId: user.id, officeId: by.actor.id, ...statement })
    await recordOutcome(tx, by, user, statement)
  }
  const check = await selectOptionalUsableCheck(tx, user.id, by.actor.id)
  if (!check) return {}
  await updateChecksUsed(tx, user.id, by.actor.id)
  const { outcome, reason } = check
  return { caller_check: outcome, ...(reason === null ? {} : { caller_check_reason: reason }) }
}

const required = 'Your company requires it: check the caller, or say why you could not. Then save again.'
