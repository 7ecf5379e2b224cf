import type { Actor, Person, RequestContext, Target } from '../../../access/actor.ts'
import { record } from '../../../activity/record.ts'
import type { Tx } from '../../../platform/db.ts'
import { isSame } from '../../../platform/crypto.ts'
import { counted } from '../../../platform/counted.ts'
import { invalid, ok, type Result } from '../../../platform/result.ts'
import { lockAndAuthorizeUser } from '../../../people/authorize.ts'
import type { PasswordServices } from '../password-services.ts'
import { codeOf, typedCode } from './code.ts'
import type { CallerCheckLimits } from './limits.ts'
import { addressDetails } from './send-code.ts'
import {
  insertStatement,
  maxTries,
  selectAddressState,
  selectOptionalNewestCode,
  updateCodeAnswered,
  updateWrongTry,
  type Outcome,
} from './queries.ts'

/** What the office says about a caller without a code. */
export interface Statement {
  outcome: Exclude<Outcome, 'code'>
  reason: string | null
}

/** Of a code that no longer works after wrong answers: the page answers 429, and waiting does not help. */
export const isUsedUp = (errors: Record<string, string>): boolean => errors.code === usedUp

/**
 * Checks the code that a caller read back. Only the person who sent it can answer, for the caller it was sent to; it
 * counts once, and three wrong ones end it. (ASVS 6.5.1, 6.5.5, 6.6.2, 6.6.3)
 */
export async function checkCallerCode(
  services: PasswordServices,
  limits: CallerCheckLimits,
  by: RequestContext<Actor>,
  target: Target,
  typed: string,
): Promise<Result<void>> {
  const code = typedCode(typed)
  if (code === undefined) return invalid({ code: 'Enter the six digits that the caller reads out.' })
  const giveBack = await limits.takeAnswer(by.actor, target, by.ip)
  const { counts, result } = await services.db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)
    return answer(tx, by, user, services.callerCodeKey, code)
  })
  if (!counts) await giveBack()
  return result
}

/** Whether the answer counts as a wrong one, and what to say. */
interface Answer {
  counts: boolean
  result: Result<void>
}

async function answer(
  tx: Tx,
  by: RequestContext<Actor>,
  user: Person,
  key: Buffer,
  typed: string,
): Promise<Answer> {
  const code = await selectOptionalNewestCode(tx, user.id, by.actor.id)
  if (code?.ended === 'wrong') return { counts: false, result: invalid({ code: usedUp }) }
  if (!code?.open) return { counts: false, result: invalid({ code: noCode }) }
  if (isSame(codeOf(key, code), typed)) {
    await updateCodeAnswered(tx, code.id)
    await recordOutcome(tx, by, user, { outcome: 'code', reason: null })
    return { counts: false, result: ok(undefined) }
  }
  await updateWrongTry(tx, code.id)
  const left = maxTries - code.tries - 1
  if (left === 0)
    record(tx, by, { event: 'caller_check_failed', subject: user, details: { tries: maxTries } })
  return { counts: true, result: invalid({ code: left === 0 ? lastWrong : wrong(left) }) }
}

/** The office says that it recognised the caller, or why it could not check. */
export function stateCallerOutcome(
  { db }: Pick<PasswordServices, 'db'>,
  by: RequestContext<Actor>,
  target: Target,
  statement: Statement,
): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)
    await insertStatement(tx, { userId: user.id, officeId: by.actor.id, ...statement })
    await recordOutcome(tx, by, user, statement)
    return ok(undefined)
  })
}

export async function recordOutcome(
  tx: Tx,
  by: RequestContext<Actor>,
  user: Person,
  { outcome, reason }: { outcome: Outcome; reason: string | null },
): Promise<void> {
  const details = { outcome, ...(reason === null ? {} : { reason }) }
  const address = addressDetails(await selectAddressState(tx, user.id))
  record(tx, by, { event: 'caller_checked', subject: user, details: { ...details, ...address } })
}

const wrong = (left: number) => `That is not the code that was sent. ${counted(left, 'try')} left.`
const lastWrong = 'That is not the code that was sent. It no longer works: send another.'
const usedUp = 'Three wrong codes were entered, so this one no longer works. Send another.'
const noCode = 'No code waits for an answer: it was used, replaced or is too old. Send another.'
