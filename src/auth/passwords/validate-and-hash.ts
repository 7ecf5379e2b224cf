import type { Company } from '../../company/queries.ts'
import type { Person } from '../../access/actor.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { spellingsOf } from './fold-password.ts'
import type { Hasher } from './hash.ts'
import { contextWordsOf, validatePassword, normalisePassword } from './policy.ts'
import type { Credential } from './queries.ts'

export interface Choice {
  newPassword: string
  confirmPassword: string
}

/** Errors of a password by the company’s policy for this person, or nothing if it is accepted. */
export function passwordErrors(company: Company, person: Person, newPassword: string): Errors | undefined {
  const contextWords = contextWordsOf({
    name: person.name,
    email: person.email,
    companyName: company.name,
    extra: company.contextWords,
  })
  const problem = validatePassword(newPassword, { minLength: company.passwordMinLength, contextWords })
  return problem === null ? undefined : { newPassword: problem }
}

/**
 * Validates a new password by the same rules on every path (ASVS 6.3.4) and returns its hash. Call it before a
 * transaction begins: hashing is slow, and nothing may be locked meanwhile. When the hash is stored,
 * `passwordErrors` checks it again by the policy of that moment.
 */
export async function validateAndHash(
  hasher: Hasher,
  company: Company,
  person: Person,
  credential: Pick<Credential, 'password_hash' | 'retired_hashes'>,
  choice: Choice,
): Promise<Result<string>> {
  const { newPassword } = choice
  const errors = newPasswordErrors(company, person, choice)
  const { password_hash, retired_hashes } = credential
  if (!errors.newPassword && (await matchesHash(hasher, password_hash, newPassword)))
    errors.newPassword = sameAsNow
  for (const previous of retired_hashes)
    if (!errors.newPassword && (await matchesHash(hasher, previous, newPassword)))
      errors.newPassword = usedBefore
  if (Object.keys(errors).length > 0) return invalid(errors)
  return ok(await hasher.hash(newPassword))
}

/** Errors of a new password and its confirmation that need no hash. All at once, since neither field is kept. */
export function newPasswordErrors(company: Company, person: Person, choice: Choice): Errors {
  const { newPassword, confirmPassword } = choice
  const errors: Errors =
    newPassword === ''
      ? { newPassword: 'Enter a new password.' }
      : (passwordErrors(company, person, newPassword) ?? {})
  if (confirmPassword === '') return { ...errors, confirmPassword: 'Enter the new password again.' }
  if (normalisePassword(newPassword) === normalisePassword(confirmPassword)) return errors
  return { ...errors, confirmPassword: 'The passwords don’t match. Enter the new password again.' }
}

/** Whether a password, in any of its spellings, matches a hash: anyone who knows that password would guess it. */
async function matchesHash(hasher: Hasher, hash: string | null, password: string): Promise<boolean> {
  for (const spelling of spellingsOf(password))
    if (hash !== null && (await hasher.matches(hash, spelling))) return true
  return false
}

const usedBefore =
  'Your office gave or replaced this password before, or someone else knew it. Choose another one.'
const sameAsNow = 'This is the current password. Choose another one.'
