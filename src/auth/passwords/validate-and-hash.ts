import type { Company } from '../../company/queries.ts'
import type { Person } from '../../access/actor.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { spellingsOf } from './fold-password.ts'
import type { Hasher } from './hash.ts'
import { contextWordsOf, validatePassword, normalisePassword } from './policy.ts'
import type { Credential } from './queries.ts'

interface Choice {
  newPassword: string
  confirmPassword: string
}

/** What the company's rules say against a password for this person; nothing when it is good. */
export function faultOf(company: Company, whose: Person, newPassword: string): Errors | undefined {
  const contextWords = contextWordsOf({
    name: whose.name,
    email: whose.email,
    companyName: company.name,
    extra: company.contextWords,
  })
  const fault = validatePassword(newPassword, { minLength: company.passwordMinLength, contextWords })
  return fault === null ? undefined : { newPassword: fault }
}

/**
 * Judges a new password on every path by the same rules (ASVS 6.3.4) and gives its hash. It is done before any
 * transaction begins: a hash takes long, and nothing may be locked meanwhile. Whoever stores the hash asks `faultOf` once
 * more, of the rules as they are then.
 */
export async function validateAndHash(
  hasher: Hasher,
  company: Company,
  whose: Person,
  credential: Pick<Credential, 'password_hash' | 'retired_hashes'>,
  choice: Choice,
): Promise<Result<string>> {
  const { newPassword } = choice
  const errors = faultsOfBoth(company, whose, choice)
  const { password_hash, retired_hashes } = credential
  if (!errors.newPassword && (await isOf(hasher, password_hash, newPassword))) errors.newPassword = sameAsNow
  for (const retired of retired_hashes)
    if (!errors.newPassword && (await isOf(hasher, retired, newPassword))) errors.newPassword = usedBefore
  if (Object.keys(errors).length > 0) return invalid(errors)
  return ok(await hasher.hash(newPassword))
}

/** What is wrong with a new password and its confirmation, as far as they tell by themselves: all at once, since neither is kept. */
export function faultsOfBoth(company: Company, whose: Person, choice: Choice): Errors {
  const { newPassword, confirmPassword } = choice
  const errors: Errors =
    newPassword === '' ? { newPassword: missing } : (faultOf(company, whose, newPassword) ?? {})
  if (confirmPassword === '') return { ...errors, confirmPassword: missing }
  if (normalisePassword(newPassword) === normalisePassword(confirmPassword)) return errors
  return { ...errors, confirmPassword: 'This is not the same as the new password.' }
}

export const missing = 'Fill this in.'

/** Whether it is the password behind a hash, in disguise or not: whoever knows that one would guess it. */
async function isOf(hasher: Hasher, hash: string | null, password: string): Promise<boolean> {
  for (const spelling of spellingsOf(password))
    if (hash !== null && (await hasher.matches(hash, spelling))) return true
  return false
}

const usedBefore =
  'This was a password of this account that the office gave or replaced, or that somebody else knew. Choose another one.'
const sameAsNow = 'This is the password in use now. Choose another one.'
