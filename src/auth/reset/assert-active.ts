import type { UserRow } from '../../people/queries.ts'
import { Forbidden } from '../../platform/web/errors.ts'

/** A link works for active people only. Others are told what helps. */
export function assertActive({ name, status }: UserRow): void {
  if (status === 'active') return
  throw new Forbidden({
    heading: `${name} can’t sign in right now`,
    message: `The account is ${status}, so a link would not work. Nothing was sent.`,
    advice:
      status === 'invited'
        ? 'Resend their invitation: they become active by accepting it.'
        : 'Make the account active first.',
  })
}
