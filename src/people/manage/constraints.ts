import { invalid, type Errors, type Result } from '../../platform/result.ts'

/** The errors of database constraints, by field. Constraints also hold for two actions at once. */
export const constraintErrors = {
  users_email_key: { email: 'Another account has this address.' },
  users_team_id_fkey: { teamId: 'This team no longer exists. Choose another.' },
  users_role_id_fkey: { roleId: 'This role no longer exists. Choose another.' },
  keep_an_owner: { roleId: 'They are the last active Owner. Make another person an Owner first.' },
}

export function toFieldErrors<T>(action: Promise<Result<T>>): Promise<Result<T>> {
  return action.catch((error: { constraint?: string }) => {
    const errors = (constraintErrors as Record<string, Errors>)[error.constraint ?? '']
    if (errors) return invalid(errors)
    throw error
  })
}
