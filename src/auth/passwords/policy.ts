import { isCommonPassword } from './blocklist.ts'
import { foldPassword } from './fold-password.ts'

const minLength = 12
// In UTF-8 that is at most 1,024 bytes, so bytes need no rule.
const maxLength = 256
const untypable = /[\p{Cc}\p{Cs}\uFFFD]/u
const shortestContextWord = 3
const maxSignsAroundContext = 8
const advice = 'Four unrelated words are easy to say on the phone.'

/**
 * The one rule of which passwords are accepted, on every path. Returns null for an acceptable one, else what is
 * wrong and what to do next. Length comes first. There are no character classes, and case is ignored only for the
 * lists. ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11, 6.2.12; NIST SP 800-63B-4 §3.1.1.2.
 */
export function validatePassword(
  candidate: string,
  about: { minLength: number; contextWords: string[] },
): string | null {
  const password = normalisePassword(candidate)
  return (
    checkCharacters(password) ??
    checkLength(password, Math.max(minLength, about.minLength)) ??
    checkContext(password, about.contextWords) ??
    checkCommon(password)
  )
}

/**
 * The form that is checked and hashed, so that é is the same password on every keyboard. Nothing is trimmed, folded
 * or cut: ASVS 6.2.8, NIST SP 800-63B-4 §3.1.1.2 (NFC).
 */
export function normalisePassword(candidate: string): string {
  return candidate.normalize('NFC')
}

/** Words that this person’s password may not consist of: names and addresses, as words and joined. ASVS 6.1.2. */
export function contextWordsOf(whose: {
  name: string
  email: string
  companyName: string
  extra?: string[]
}): string[] {
  const [mailbox = '', domain = ''] = whose.email.split('@')
  const phrases = [
    whose.name,
    whose.email,
    mailbox,
    domain,
    whose.companyName,
    'Fieldkey',
    ...(whose.extra ?? []),
  ]
  const words = phrases.flatMap((phrase) => [
    alphabeticOf(phrase),
    ...phrase.split(/[^\p{L}\p{M}]+/u).map(alphabeticOf),
  ])
  return [...new Set(words)].filter((word) => word.length >= shortestContextWord)
}

function checkCharacters(password: string): string | null {
  if (!untypable.test(password)) return null
  return 'This contains a character that cannot be typed. Use a–z, digits, signs and spaces.'
}

/** One code point is one character: NIST SP 800-63B-4 §3.1.1.2. */
function checkLength(password: string, minLength: number): string | null {
  const length = [...password].length
  if (length < minLength) return `Use at least ${minLength} characters; this has ${length}. ${advice}`
  if (length > maxLength) return `Use at most ${maxLength} characters; this has ${length}.`
  return null
}

/** Rejects only a password made of nothing but such words. One that contains some among others is fine. */
function checkContext(password: string, contextWords: string[]): string | null {
  const characters = alphabeticOf(password)
  const signs = foldPassword(password).replace(/[\p{L}\p{M}]/gu, '')
  if (characters === '' || [...signs].length > maxSignsAroundContext || !isMadeOf(characters, contextWords))
    return null
  return `This is little more than a name, an address, the company or Fieldkey. Those are guessed first. ${advice}`
}

function checkCommon(password: string): string | null {
  return isCommonPassword(password) ? `This is one of the passwords that are guessed first. ${advice}` : null
}

function isMadeOf(text: string, words: string[]): boolean {
  const reached = new Set([0])
  for (let place = 0; place < text.length; place++) {
    if (!reached.has(place)) continue
    for (const word of words) if (text.startsWith(word, place)) reached.add(place + word.length)
  }
  return reached.has(text.length)
}

/** The alphabetic characters alone, in lower case and without accents. */
function alphabeticOf(text: string): string {
  return foldPassword(text).normalize('NFKD').replace(/\P{L}/gu, '')
}
