import { z } from 'zod'
import { reasonField, textField } from '../../../platform/web/form.ts'
import type { Statement } from './answer-check.ts'
import { outcomes } from './queries.ts'

/** The fields of a caller check, in its own form and in that of the action that it is for. */
export const callerFields = {
  outcome: z.enum(outcomes, 'Choose how the caller was checked.').optional(),
  code: textField.optional(),
  reason: textField.optional(),
}

const Reason = reasonField('Say in a few words why: the person sees it in their history.')

type Caller = { outcome?: string | undefined; reason?: string | undefined }

/** Who could not check says why. */
export function checkReason({ outcome, reason = '' }: Caller, { addIssue }: z.RefinementCtx): void {
  const parsed = outcome === 'not_checked' ? Reason.safeParse(reason) : undefined
  if (parsed?.success === false)
    addIssue({ code: 'custom', path: ['reason'], message: parsed.error.issues[0]?.message ?? '' })
}

/** What the form states about the caller, if it does not have a code. */
export function statementOf({ outcome, reason = '' }: Caller): Statement | null {
  if (outcome !== 'recognised' && outcome !== 'not_checked') return null
  return { outcome, reason: Reason.safeParse(reason).data ?? null }
}
