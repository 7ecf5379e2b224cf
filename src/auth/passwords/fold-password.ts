/**
 * Folds a text as guessing tools do: compatibility characters made plain (full width, ligatures, circled),
 * invisible characters removed, each gap one space, none at the ends, and lower case. Only for comparing with
 * lists: what is stored and verified stays exact.
 */
export function foldPassword(text: string): string {
  return plainForm(text)
    .toUpperCase() // first, so that ß is ss and a long s is an s
    .toLowerCase()
    .normalize('NFC')
}

/** The folded text with its capitals kept. */
const plainForm = (text: string): string =>
  withoutInvisible(text.normalize('NFKC'))
    .replace(/\p{White_Space}+/gu, ' ')
    .trim()

/** A password as typed, without spaces around it and full width, and folded. */
export const spellingsOf = (password: string): string[] => [
  ...new Set([password, plainForm(password), foldPassword(password)]),
]

/** Removes zero-width spaces and joiners, soft hyphens, direction marks, fillers and variation selectors. */
const withoutInvisible = (text: string): string =>
  text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
