/**
 * A text as guessing tools would try it: compatibility letters plain (full width, ligatures, letters in circles), what
 * cannot be seen taken out, each gap one space and none at the ends, and capitals aside. For comparing with lists
 * alone: what is stored and verified stays to the letter.
 */
export function foldPassword(text: string): string {
  return undisguised(text)
    .toUpperCase() // first, so that ß is ss and a long s is an s
    .toLowerCase()
    .normalize('NFC')
}

/** The same with its capitals. */
const undisguised = (text: string): string =>
  withoutUnseen(text.normalize('NFKC'))
    .replace(/\p{White_Space}+/gu, ' ')
    .trim()

/** A password as typed, and what is left of it without spaces around it, full width, capitals and their like. */
export const spellingsOf = (password: string): string[] => [
  ...new Set([password, undisguised(password), foldPassword(password)]),
]

/** Zero-width spaces and joiners, soft hyphens, marks of direction, fillers, selectors of how a letter looks. */
const withoutUnseen = (text: string): string => text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
