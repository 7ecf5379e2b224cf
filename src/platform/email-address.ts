import { domainToASCII, domainToUnicode } from 'node:url'
import { withoutInvisible } from './clean-pasted.ts'

export const longestAddress = 254

/** All `atext` of RFC 5322, in parts with dots between them; at most 64 characters (RFC 5321). */
const localPart = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
/** What a domain may be typed in: letters of any script, and of ASCII nothing else than names are made of. */
const typedDomain = /^[a-z\d.\-\p{L}\p{M}\p{N}\u3002\uff0e\uff61]+$/iu
const asciiDomain =
  /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+(?=[a-z\d-]*[a-z])[a-z\d]([a-z\d-]{0,61}[a-z\d])$/

/**
 * An address as accounts have it, whatever was pasted: in lower case, the domain in ASCII. The same for both spellings of
 * a domain. What is no address is only made shorter and smaller, and `isAddress` refuses it.
 */
export function plainAddress(pasted: string): string {
  const [local, domain] = parts(withoutInvisible(pasted))
  if (domain === undefined) return local.toLowerCase()
  const ascii = typedDomain.test(domain) ? domainToASCII(domain) : ''
  return `${local}@${ascii || domain}`.toLowerCase()
}

/** Whether a mail server takes it. Quotes, commas, brackets and line breaks, at which mailers split, never pass. */
export function isAddress(plain: string): boolean {
  const [local, domain] = parts(plain)
  return localPart.test(local) && asciiDomain.test(domain ?? '') && domainToASCII(domain ?? '') === domain
}

/** Whether all that is wrong is a letter before the @ that mail servers do not take. */
export const hasForeignLetters = (plain: string): boolean => /[^\p{ASCII}]/u.test(parts(plain)[0])

/** An address as people write it; in ASCII where its letters could pass for those of another domain. */
export function writtenAddress(address: string): string {
  if (!address.includes('xn--')) return address
  const [local, domain = ''] = parts(address)
  const written = domainToUnicode(domain)
  const same = written && domainToASCII(written) === domain
  return same && isPlain(written) ? `${local}@${written}` : address
}

/** What a list is searched for: the words as typed, and those that hold a domain in the other spelling, too. */
export function spellings(words: string): string[] {
  const [local, domain] = words.includes('@') ? parts(words) : ['', words]
  const ascii =
    /[^\p{ASCII}]/u.test(domain ?? '') && typedDomain.test(domain ?? '') ? domainToASCII(domain ?? '') : ''
  return ascii ? [words, words.includes('@') ? `${local}@${ascii}` : ascii] : [words]
}

function parts(address: string): [local: string, domain?: string] {
  const at = address.lastIndexOf('@')
  return at < 0 ? [address] : [address.slice(0, at), address.slice(at + 1)]
}

/** Latin letters that nobody takes for another: those with an accent, of Western and Central Europe. */
const latin = /^[a-z\d\-ß-öø-İĲ-ſ]+$/u
/** Letters of these look like Latin ones, so a label of them stands under a domain of theirs alone. */
const lookAlike = ['Cyrillic', 'Greek', 'Armenian'].map((script) => ofScripts(script))
const others = [
  ...[
    'Arabic',
    'Hebrew',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
  ],
  ...['Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Georgian', 'Ethiopic'],
].map((script) => ofScripts(script))
const eastAsian = [ofScripts('Han', 'Hiragana', 'Katakana'), ofScripts('Han', 'Hangul')]

function ofScripts(...scripts: string[]): RegExp {
  return new RegExp(`^[${scripts.map((script) => `\\p{Script=${script}}`).join('')}\\d\\-ー]+$`, 'u')
}

/** Each label in one script, and none that looks like another script. */
function isPlain(domain: string): boolean {
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  return labels.every((label) => {
    if (latin.test(label) || [...others, ...eastAsian].some((script) => script.test(label))) return true
    return lookAlike.some((script) => script.test(label) && script.test(top))
  })
}
