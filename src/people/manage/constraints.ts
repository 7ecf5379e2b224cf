import { invalid, type Errors, type Result } from '../../platform/result.ts'

/** What the database refuses of itself, even of two at once, in words beside the field at fault. */
export const constraintWords = {
  users_email_key: { email: 'Another account has this address.' },
  users_team_id_fkey: { teamId: 'This team is no longer there. Choose another.' },
  users_role_id_fkey: { roleId: 'This role is no longer there. Choose another.' },
  keep_an_owner: { roleId: 'They are the last active Owner. Make somebody else an Owner first.' },
}

export function toFieldErrors<T>(action: Promise<Result<T>>): Promise<Result<T>> {
  return action.catch((error: { constraint?: string }) => {
    const told = (constraintWords as Record<string, Errors>)[error.constraint ?? '']
    if (told) return invalid(told)
    throw error
  })
}
