/**
 * A text as guessing tools would try it: compatibility letters plain (full width, ligatures, letters in circles), what
 * cannot be seen taken out, each gap one space and none at the ends, and capitals aside. For comparing with lists
 * alone: what is stored and verified stays to the letter.
 */
export function folded(text: string): string {
  return withoutUnseen(text.normalize('NFKC'))
    .toUpperCase() // first, so that ß is ss and a long s is an s
    .toLowerCase()
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim()
}

/** Zero-width spaces and joiners, soft hyphens, marks of direction, fillers, selectors of how a letter looks. */
const withoutUnseen = (text: string): string => text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
