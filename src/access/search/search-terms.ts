import { plainPhone } from '../../platform/clean-pasted.ts'
import { plainAddress, spellings } from '../../platform/email-address.ts'

/** What somebody typed to find people. The database folds the words: `search_fold` in the migrations. */
export interface SearchTerms {
  whole: string
  email: string
  words: string[]
  parts: SearchPart[]
  /** All of it, if it is a phone number: the digits to look for, each the end of the one before. */
  phones: string[]
}

/** A part between spaces. An address of a domain in another script has two spellings, either of which is enough. */
export interface SearchPart {
  spellings: { words: string[]; address: string | undefined }[]
  phones: string[]
}

const separators = /[^\p{L}\p{M}\p{N}'’‘‛`´ʼʻʹʾʿ′＇]+/u
const phoneSigns = /^[\d\s+()./-]+$/
/** The country codes of ITU-T E.164: the first digits tell how long one is. */
const countryCode = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

export function parseSearch(typed: string): SearchTerms {
  return {
    whole: typed,
    email: plainAddress(typed),
    words: wordsOf(typed),
    parts: typed.split(/\s+/u).filter(Boolean).map(toPart),
    phones: phonesIn(typed),
  }
}

const wordsOf = (text: string): string[] => [...new Set(text.split(separators).filter(Boolean))]

function toPart(part: string): SearchPart {
  const ways = spellings(part).map((spelling) => ({
    words: wordsOf(spelling),
    address: spelling.includes('@') ? spelling.toLowerCase() : undefined,
  }))
  return { spellings: ways.filter(({ words }) => words.length > 0), phones: phonesIn(part) }
}

/**
 * The digits to look for inside of a stored phone number. Nobody knows which country a number without a code is of, so
 * the trunk 0 or the country code is left out in a second try, which also matches numbers stored without it.
 */
function phonesIn(typed: string): string[] {
  const phone = plainPhone(typed)
  if (!phoneSigns.test(phone)) return []
  const digits = phone.replaceAll('(0)', '').replace(/\D/g, '')
  const number = digits.replace(/^00/, '')
  const isInternational =
    /^\(?\+/.test(phone) || number !== digits || (number.length > 10 && !number.startsWith('0'))
  const national = (isInternational ? number.replace(countryCode, '') : number).replace(/^0/, '')
  return [...new Set([digits, number, national])].filter(({ length }) => length >= 3)
}
