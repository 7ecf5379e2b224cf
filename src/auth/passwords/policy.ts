import { isCommonPassword } from './blocklist.ts'
import { foldPassword } from './fold-password.ts'

const shortest = 12
// In UTF-8 that is 1,024 bytes at the very most, so bytes need no rule of their own.
const longest = 256
const cannotBeTyped = /[\p{Cc}\p{Cs}\uFFFD]/u
const shortestContextWord = 3
const mostSignsAroundContext = 8
const advice = 'Four unrelated words are easy to say on the phone.'

/**
 * The one rule of what may become a password, whoever sets it and by whichever way. Gives null for a good one, else
 * what is wrong and what to do next. Length first and no classes of characters, capitals aside only for the lists.
 * ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11, 6.2.12; NIST SP 800-63B-4 §3.1.1.2.
 */
export function validatePassword(
  candidate: string,
  about: { minLength: number; contextWords: string[] },
): string | null {
  const password = normalisePassword(candidate)
  return (
    judgeCharacters(password) ??
    judgeLength(password, Math.max(shortest, about.minLength)) ??
    judgeContext(password, about.contextWords) ??
    judgeCommonness(password)
  )
}

/**
 * The form that is judged and hashed, so that é is the same password from every keyboard. Nothing is trimmed, folded
 * or cut: ASVS 6.2.8, NIST SP 800-63B-4 §3.1.1.2 (NFC).
 */
export function normalisePassword(candidate: string): string {
  return candidate.normalize('NFC')
}

/** What stands to reason as a password of this person: ASVS 6.1.2, names and addresses as words and as joined. */
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
    lettersOf(phrase),
    ...phrase.split(/[^\p{L}\p{M}]+/u).map(lettersOf),
  ])
  return [...new Set(words)].filter((word) => word.length >= shortestContextWord)
}

function judgeCharacters(password: string): string | null {
  if (!cannotBeTyped.test(password)) return null
  return 'This holds a character that cannot be typed. Type it anew with letters, digits, signs and spaces.'
}

/** One code point is one character: NIST SP 800-63B-4 §3.1.1.2. */
function judgeLength(password: string, minLength: number): string | null {
  const length = [...password].length
  if (length < minLength) return `Use at least ${minLength} characters; this has ${length}. ${advice}`
  if (length > longest) return `Use at most ${longest} characters; this has ${length}.`
  return null
}

/** Only a password that is nothing but such words is refused; one that holds some among others is fine. */
function judgeContext(password: string, contextWords: string[]): string | null {
  const emails = lettersOf(password)
  const signs = foldPassword(password).replace(/[\p{L}\p{M}]/gu, '')
  if (emails === '' || [...signs].length > mostSignsAroundContext || !isMadeOf(emails, contextWords))
    return null
  return `This is little more than a name, an address, the company or Fieldkey. Those are guessed first. ${advice}`
}

function judgeCommonness(password: string): string | null {
  return isCommonPassword(password) ? `This is one of the passwords that are guessed first. ${advice}` : null
}

function isMadeOf(emails: string, words: string[]): boolean {
  const reached = new Set([0])
  for (let place = 0; place < emails.length; place++) {
    if (!reached.has(place)) continue
    for (const word of words) if (emails.startsWith(word, place)) reached.add(place + word.length)
  }
  return reached.has(emails.length)
}

/** Letters alone, small and without accents. */
function lettersOf(text: string): string {
  return foldPassword(text).normalize('NFKD').replace(/\P{L}/gu, '')
}
