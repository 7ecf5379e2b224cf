/** What is filled in for each person, and what each of them stands for. */
export const placeholders = {
  first_name: 'the first of their names',
  company_name: 'the name of the company',
  reset_link: 'the link to choose a new password, theirs alone',
  expires_in: 'how long the link works',
} as const
export type Placeholder = keyof typeof placeholders

/** A part of a text: as it was written, or filled in. */
export interface Piece {
  text: string
  filled: boolean
}

const braces = /\{([^{}\n]{0,60})\}/g
const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(placeholders, name)

/** What stands in braces and is none of ours, as it was typed. */
export function unknownIn(text: string): string[] {
  const names = [...text.matchAll(braces)].map(([, name = '']) => name)
  return [...new Set(names.filter((name) => !isPlaceholder(name)))].map((name) => `{${name}}`)
}

/** What stands right behind a link, so that mail programs may take it for a part of its address. */
export const behindLink = (text: string): string[] =>
  [...text.matchAll(/\{reset_link\}(\S)/gu)].map(([, sign = '']) => sign)

const opensLink = /(?:^|\s)[("'<[«„“]*$/u

/**
 * Whether every link begins a word. Written behind other text, say the address of another site, its secret would become a
 * part of that address, and a press would hand it over.
 */
export const linksStandAlone = (text: string): boolean =>
  text
    .split('{reset_link}')
    .slice(0, -1)
    .every((before) => opensLink.test(before))

/** Whether the link would not open with it: after a full stop or a bracket it does, after more letters it cannot. */
export const spoilsLink = (sign: string): boolean => /[\p{L}\p{N}{]/u.test(sign)

/** Fills a text in, once: braces in what is filled in, say in a name, stay as they are. */
export function fill(text: string, values: Record<Placeholder, string>): Piece[] {
  const parts = text.split(braces) // text and names in turn
  const pieces = parts.map((part, at) => {
    if (at % 2 === 0) return { text: part, filled: false }
    if (!isPlaceholder(part)) return { text: `{${part}}`, filled: false }
    // Texts of before may have a link behind other text: it begins a line of its own then.
    const apart = part === 'reset_link' && !opensLink.test(at === 1 ? (parts[0] ?? '') : `}${parts[at - 1]}`)
    return { text: apart ? `\n${values[part]}` : values[part], filled: true }
  })
  return pieces.filter(({ text }) => text !== '')
}

export const filledText = (text: string, values: Record<Placeholder, string>): string =>
  fill(text, values)
    .map((piece) => piece.text)
    .join('')

/** The paragraphs of a text: what stands between empty lines. */
export const paragraphsOf = (body: string): string[] => body.trim().split(/\n[^\S\n]*\n\s*/)
