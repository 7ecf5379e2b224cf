import { domainToASCII, domainToUnicode } from 'node:url'
import { withoutInvisible } from './clean-pasted.ts'

export const longestAddress = 254

/** The `atext` of RFC 5322 in parts separated by dots; at most 64 characters (RFC 5321). */
const localPart = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
/** A domain as typed: characters of any script; of ASCII only those that host names use. */
const typedDomain = /^[a-z\d.\-\p{L}\p{M}\p{N}\u3002\uff0e\uff61]+$/iu
const asciiDomain =
  /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+(?=[a-z\d-]*[a-z])[a-z\d]([a-z\d-]{0,61}[a-z\d])$/

/**
 * A pasted address in the form that accounts store: lower case, the domain in ASCII. Both spellings of a domain give
 * the same result. Text that is no address is only trimmed and lowered; `isAddress` rejects it.
 */
export function plainAddress(pasted: string): string {
  const [local, domain] = parts(withoutInvisible(pasted))
  if (domain === undefined) return local.toLowerCase()
  const ascii = typedDomain.test(domain) ? domainToASCII(domain) : ''
  return `${local}@${ascii || domain}`.toLowerCase()
}

/**
 * Whether a mail server accepts it. Quotes, commas, brackets and line breaks never pass, since mailers split at them.
 */
export function isAddress(plain: string): boolean {
  const [local, domain] = parts(plain)
  return localPart.test(local) && asciiDomain.test(domain ?? '') && isDomain(domain ?? '')
}

/** Whether each part in Punycode can be read. Node.js 20 says so itself; 24 takes any domain in ASCII as it is. */
function isDomain(ascii: string): boolean {
  const written = domainToUnicode(ascii)
  return domainToASCII(written) === ascii && !/(^|\.)xn--/.test(written)
}

/** Whether the part before the @ holds a character that mail servers do not accept. */
export const hasNonAsciiLocalPart = (plain: string): boolean => /[^\p{ASCII}]/u.test(parts(plain)[0])

/**
 * An address for display: the domain in its own script, or in ASCII where it could be mistaken for another domain.
 */
export function writtenAddress(address: string): string {
  if (!address.includes('xn--')) return address
  const [local, domain = ''] = parts(address)
  const written = domainToUnicode(domain)
  const same = written && domainToASCII(written) === domain
  return same && isPlain(written) ? `${local}@${written}` : address
}

/** The spellings to search for: the text as typed, and, if it contains a domain, that domain in ASCII. */
export function spellings(typed: string): string[] {
  const [local, domain] = typed.includes('@') ? parts(typed) : ['', typed]
  const ascii =
    /[^\p{ASCII}]/u.test(domain ?? '') && typedDomain.test(domain ?? '') ? domainToASCII(domain ?? '') : ''
  return ascii ? [typed, typed.includes('@') ? `${local}@${ascii}` : ascii] : [typed]
}

function parts(address: string): [local: string, domain?: string] {
  const at = address.lastIndexOf('@')
  return at < 0 ? [address] : [address.slice(0, at), address.slice(at + 1)]
}

/** Latin characters that look like no others: those of Western and Central Europe, with accents. */
const latin = /^[a-z\d\-ß-öø-İĲ-ſ]+$/u
/**
 * Characters of these scripts look like Latin ones. A label in one of them needs a top-level domain in the same
 * script.
 */
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

/** Whether each label uses one script, and none of them can be mistaken for another script. */
function isPlain(domain: string): boolean {
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  return labels.every((label) => {
    if (latin.test(label) || [...others, ...eastAsian].some((script) => script.test(label))) return true
    return lookAlike.some((script) => script.test(label) && script.test(top))
  })
}
