import { plainName } from './clean-pasted.ts'

/**
 * What somebody is called by in a greeting: their first name, where it can be told. Titles are skipped, "Brandt, Anna" is
 * Anna, whichever comma or semicolon stands between. Companies, crews, initials and whatever else is odd are called by
 * their whole name: nothing is guessed.
 */
export function firstName(name: string): string {
  const whole = tidied(name)
  if (isOrganisation(whole)) return whole
  const { words, titled } = wordsOf(whole)
  const [first = '', second] = words
  const asWritten = whole.includes(',') ? words.join(' ') : whole
  if (second === undefined) return titled || first === '' ? asWritten || whole : first
  return isGivenName(first) ? first : asWritten
}

/** The first letters of somebody's first and last names. */
export function initials(name: string): string {
  const whole = tidied(name)
  const { words } = isOrganisation(whole) ? { words: whole.split(' ') } : wordsOf(whole)
  const emails = words.flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
  return [emails[0], emails.length > 1 ? emails.at(-1) : ''].join('').toUpperCase()
}

const tidied = (name: string): string =>
  plainName(name)
    .replace(separators, ', ')
    .replaceAll('．', '.')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\s,:!?]+$/, '')

/** What people write between a family name and a first name, on keyboards of several languages. */
const separators = /\s*[,;，；﹐﹔､、،؛]+\s*/gu

/** The words of a name as they are spoken, first names first, without titles and degrees. */
function wordsOf(whole: string): { words: string[]; titled: boolean } {
  let titled = false
  const sections = whole.split(',').map((section) => {
    const words = section.split(' ').filter(Boolean)
    while (words[0] && isTitle(words[0])) titled = words.shift() !== undefined
    while (words.length > 0 && degrees.test(words.at(-1) ?? '')) words.pop()
    return words
  })
  const [family = [], ...given] = sections.filter((words) => words.length > 0)
  return { words: [...given.flat(), ...family], titled }
}

/** Some are titles with a full stop alone: without it they are somebody's name, too. */
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

/** A word that is a first name, not an initial, an abbreviation, a number or the beginning of a family name. */
const isGivenName = (word: string): boolean =>
  (word.match(/\p{L}/gu) ?? []).length > 1 && !/[.:!?\p{N}]/u.test(word) && !particles.test(word)
const particles = /^(van|von|vom|zu|de|del|della|der|den|di|da|dos|du|la|le|ter|ten|al|el|bin|ibn|st)$/

/** Companies, crews and vehicles that have an account. */
const isOrganisation = (whole: string): boolean =>
  [legalForm, shortLegalForm, signs, numbered, crew].some((kind) => kind.test(whole))
const legalForm =
  /[\s,](gmbh|mbh|ltd|limited|llc|llp|inc|incorporated|corp|corporation|company|plc|pty|sarl|srl|spa|ltda|lda|holdings?|services?|solutions|systems|logistics|partners)\.?$/i
const shortLegalForm = /[\s,](AG|KG|OHG|UG|SE|SA|SL|AB|AS|BV|NV|Co\.|S\.A\.|S\.L\.|B\.V\.|N\.V\.)$/
const signs = /[&@/\\|#]/
const numbered = /^\p{L}+[ -]\d+$/u
const crew =
  /^the |^(team|crew|depot|office|warehouse|dispatch)\b| (team|crew|depot|office|warehouse|desk|dispatch)$/i
