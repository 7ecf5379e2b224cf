import { allOf, anyOf, containing, sql, type Sql } from '../../platform/db.ts'
import { parseSearch, type SearchPart, type SearchTerms } from './search-terms.ts'

/** Whether a row of `users u` is of somebody who was searched for: each part is in the name, email or phone number. */
export const matchesSearch = (typed: string): Sql => matchesTerms(parseSearch(typed))

interface Tier {
  where: Sql
  /** Whether an index has these rows in the order of names. */
  isOrdered?: boolean
}

/**
 * The same, best first: the whole name, email or number; names that begin so; whole words of the name, and the last
 * digits of a number; beginnings of words; everybody else.
 */
export function searchTiers(typed: string): Tier[] {
  const terms = parseSearch(typed)
  const { whole, email, words, phones } = terms
  if (words.length === 0) return []
  const exact = [sql`u.search_name = ' ' || search_fold(${whole}) || ' '`, sql`u.email = ${email}`]
  const equal = phones.length > 0 ? [sql`u.search_phone = any(${phones})`] : []
  const ends = phones.slice(-1).map((end) => sql`reverse(u.search_phone) like reverse(${end}) || '%'`)
  const wholeWords = words.map((word) => sql`u.search_name like '% ' || search_fold(${word}) || ' %'`)
  const beginnings = words.map((word) => sql`u.search_name like '% ' || search_fold(${word}) || '%'`)
  return [
    { where: anyOf([...exact, ...equal]) },
    { where: sql`u.search_name like ' ' || search_fold(${whole}) || '%'`, isOrdered: true },
    { where: anyOf([allOf(wholeWords), ...ends]) },
    { where: allOf(beginnings) },
    { where: matchesTerms(terms) },
  ]
}

function matchesTerms({ words, parts, phones }: SearchTerms): Sql {
  if (words.length === 0) return sql`false`
  const everyPart = allOf(parts.map(matchesPart))
  return phones.length > 0 && parts.length > 1 ? anyOf([everyPart, ...hasPhone(phones)]) : everyPart
}

function matchesPart({ spellings, phones }: SearchPart): Sql | undefined {
  const ways = spellings.map(({ words, address }) =>
    allOf([...words.map(hasWord), address && sql`u.email like ${containing(address)}`]),
  )
  const all = [...ways, ...hasPhone(phones)]
  return all.length > 0 ? anyOf(all) : undefined
}

const hasWord = (word: string): Sql => sql`u.search_text like search_pattern(search_fold(${word}))`
/** The last is the end of the others, so that what contains them contains it. */
const hasPhone = (phones: string[]): Sql[] =>
  phones.slice(-1).map((digits) => sql`u.search_phone like ${containing(digits)}`)
