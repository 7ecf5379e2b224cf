import { plainName } from './clean-pasted.ts'
import { remembered } from './remembered.ts'

/**
 * The name for a greeting: the first name, if it can be found. Titles are skipped, and "Brandt, Anna" becomes Anna
 * with any kind of comma or semicolon. Companies, crews, initials and unusual names are shown whole: nothing is
 * guessed.
 */
export const firstName = remembered((name) => {
  const whole = tidy(name)
  if (isOrganisation(whole)) return whole
  const { words, hasTitle } = wordsOf(whole)
  const [first = '', second] = words
  const asWritten = whole.includes(',') ? words.join(' ') : whole
  if (second === undefined) return hasTitle || first === '' ? asWritten || whole : first
  return isGivenName(first) ? first : asWritten
})

/** The initials of the first and the last name. */
export const initials = remembered((name) => {
  const whole = tidy(name)
  const { words } = isOrganisation(whole) ? { words: whole.split(' ') } : wordsOf(whole)
  const initial = words.flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
  return [initial[0], initial.length > 1 ? initial.at(-1) : ''].join('').toUpperCase()
})

const tidy = (name: string): string =>
  plainName(name)
    .replace(separators, ', ')
    .replaceAll('．', '.')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\s,:!?]+$/, '')

/** The signs that people type between a family name and a first name, on keyboards of several languages. */
const separators = /\s*[,;，；﹐﹔､、،؛]+\s*/gu

/** The words of a name in spoken order, first names first, without titles and degrees. */
function wordsOf(whole: string): { words: string[]; hasTitle: boolean } {
  let hasTitle = false
  const sections = whole.split(',').map((section) => {
    const words = section.split(' ').filter(Boolean)
    while (words[0] && isTitle(words[0])) hasTitle = words.shift() !== undefined
    while (words.length > 0 && degrees.test(words.at(-1) ?? '')) words.pop()
    return words
  })
  const [family = [], ...given] = sections.filter((words) => words.length > 0)
  return { words: [...given.flat(), ...family], hasTitle }
}

/** Some abbreviations are titles only with a full stop: without it they are names, too. */
const isTitle = (word: string): boolean => {
  const plain = word.normalize('NFKC').toLowerCase().replaceAll('.', '')
  return titles.has(plain) || (word.endsWith('.') && abbreviatedTitles.has(plain))
}
const titles = new Set(
  [
    'dr dra prof professor professorin doctor mr mrs ms mx miss mister madam sir frau herr',
    'sr sra srta señor señora señorita dña doña mme mlle monsieur madame mademoiselle',
    'sgt sergeant cpl corporal lt lieutenant capt captain drs',
    'pan pani mgr inż dipl-ing dr-ing dott dottssa dhr mevr السيد السيدة الدكتور الدكتورة د',
  ].flatMap((line) => line.split(' ')),
)
const abbreviatedTitles = new Set(
  'm fr hr mag ing ir ds sig hab rev hon col maj gen eng arq lic mw'.split(' '),
)
const degrees =
  /^(jr|sr|ii|iii|iv|ph\.?d|m\.?sc|b\.?sc|m\.?eng|b\.?eng|mba|esq|ll\.?m|dipl\.?-ing|cpa)\.?$|^M\.?D\.?$/i

/** Whether a word is a first name, and no initial, abbreviation, number or particle of a family name. */
const isGivenName = (word: string): boolean =>
  (word.match(/\p{L}/gu) ?? []).length > 1 && !/[.:!?\p{N}]/u.test(word) && !particles.test(word)
const particles = /^(van|von|vom|zu|de|del|della|der|den|di|da|dos|du|la|le|ter|ten|al|el|bin|ibn|st)$/

/** Companies, crews and vehicles have accounts, too. */
const isOrganisation = (whole: string): boolean =>
  [legalForm, shortLegalForm, signs, numbered, crew].some((kind) => kind.test(whole))
const legalForm =
  /[\s,](gmbh|mbh|ltd|limited|llc|llp|inc|incorporated|corp|corporation|company|plc|pty|sarl|srl|spa|ltda|lda|holdings?|services?|solutions|systems|logistics|partners)\.?$/i
const shortLegalForm = /[\s,](AG|KG|OHG|UG|SE|SA|SL|AB|AS|BV|NV|Co\.|S\.A\.|S\.L\.|B\.V\.|N\.V\.)$/
const signs = /[&@/\\|#]/
const numbered = /^\p{L}+[ -]\d+$/u
const crew =
  /^the |^(team|crew|depot|office|warehouse|dispatch)\b| (team|crew|depot|office|warehouse|desk|dispatch)$/i
