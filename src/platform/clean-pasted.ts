/** Characters without a width: marks of direction, joiners, soft hyphens, byte order marks and their like. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const noBreakSpaces = /[\u00a0\u2007\u202f]/g
const spaces = /[\p{Zs}\p{Zl}\p{Zp}]+/gu

/** An address as pasted, without what nobody sees in it and without spaces around it. */
export const withoutInvisible = (pasted: string): string =>
  pasted.replace(invisible, '').replace(noBreakSpaces, '').trim()

/** A phone number as pasted: every space an ordinary one, every dash a hyphen. */
export const plainPhone = (pasted: string): string =>
  pasted
    .replace(invisible, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(spaces, ' ')
    .trim()

/** Scripts that a joiner or a non-joiner means something in, unlike those whose letters stand alone. */
const joined =
  '(?![\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}])[\\p{L}\\p{M}]'

/**
 * What is kept of the invisible in a name: joiners between letters of Arabic, Persian and the scripts of India, one after
 * a vowel killer at the end of a word, and variants of Han letters and pictures. Marks of direction never are: with them
 * one name passes for another.
 */
const partOfName = [
  `(?<=${joined})[\\u200c\\u200d](?=${joined})`,
  `(?<=\\p{M})(?<!\\p{Script=Inherited})\\u200d`,
  `(?<=\\p{Extended_Pictographic}\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})`,
  `(?<=[\\p{Script=Han}\\p{Extended_Pictographic}])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]`,
]
const inName = new RegExp(`(${partOfName.join('|')})|${invisible.source}`, 'gu')

/** A name as pasted, without what nobody sees in it: every space an ordinary one, and one between two words. */
export const plainName = (pasted: string): string =>
  pasted
    .replace(inName, (_found, kept: string | undefined) => kept ?? '')
    .replace(spaces, ' ')
    .trim()
