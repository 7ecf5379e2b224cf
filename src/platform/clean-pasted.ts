/** Characters without a width: direction marks, joiners, soft hyphens, byte order marks and similar ones. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const noBreakSpaces = /[\u00a0\u2007\u202f]/g
const spaces = /[\p{Zs}\p{Zl}\p{Zp}]+/gu

/** A pasted address without invisible characters and without spaces around it. */
export const withoutInvisible = (pasted: string): string =>
  pasted.replace(invisible, '').replace(noBreakSpaces, '').trim()

/** A pasted phone number: every space becomes an ordinary one, every dash a hyphen. */
export const plainPhone = (pasted: string): string =>
  pasted
    .replace(invisible, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(spaces, ' ')
    .trim()

/** Scripts in which a joiner or a non-joiner has a meaning. In the scripts listed here it has none. */
const joined =
  '(?![\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}])[\\p{L}\\p{M}]'

/**
 * Invisible characters that a name keeps: joiners between characters of Arabic, Persian and the scripts of India, one
 * after a virama at the end of a word, and variation selectors of Han characters and pictures. Direction marks are
 * always removed: with them one name can pass for another.
 */
const partOfName = [
  `(?<=${joined})[\\u200c\\u200d](?=${joined})`,
  `(?<=\\p{M})(?<!\\p{Script=Inherited})\\u200d`,
  `(?<=\\p{Extended_Pictographic}\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})`,
  `(?<=[\\p{Script=Han}\\p{Extended_Pictographic}])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]`,
]
const inName = new RegExp(`(${partOfName.join('|')})|${invisible.source}`, 'gu')

/** A pasted name without invisible characters. Every space becomes an ordinary one, and one between two words. */
export const plainName = (pasted: string): string =>
  pasted
    .replace(inName, (_found, kept: string | undefined) => kept ?? '')
    .replace(spaces, ' ')
    .trim()
