/** What is filled in for each person, and what each placeholder means. */
export const placeholders = {
  first_name: 'the person’s first name',
  company_name: 'the name of the company',
  reset_link: 'the person’s own link to choose a new password',
  expires_in: 'how long the link works',
} as const
export type Placeholder = keyof typeof placeholders

/** A part of a text: as written, or filled in. */
export interface Piece {
  text: string
  filled: boolean
}

const braces = /\{([^{}\n]{0,60})\}/g
const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(placeholders, name)

/** Names in braces that are not placeholders, as typed. */
export function unknownPlaceholders(text: string): string[] {
  const names = [...text.matchAll(braces)].map(([, name = '']) => name)
  return [...new Set(names.filter((name) => !isPlaceholder(name)))].map((name) => `{${name}}`)
}

/** The characters directly after links. Mail programs may take them for a part of the address. */
export const charactersAfterLinks = (text: string): string[] =>
  [...text.matchAll(/\{reset_link\}(\S)/gu)].map(([, character = '']) => character)

const opensLink = /(?:^|\s)[("'<[«„“]*$/u

/**
 * Whether every link starts a word. Directly after other text, such as the address of another site, the link's secret
 * would become a part of that address and be sent there.
 */
export const linksStartWords = (text: string): boolean =>
  text
    .split('{reset_link}')
    .slice(0, -1)
    .every((before) => opensLink.test(before))

/** Whether this character after a link breaks it: a full stop or a bracket does not, alphanumeric characters do. */
export const breaksLink = (character: string): boolean => /[\p{L}\p{N}{]/u.test(character)

/** Fills in a text once: braces inside a value, such as a name, are not filled in. */
export function fill(text: string, values: Record<Placeholder, string>): Piece[] {
  const parts = text.split(braces) // alternates text and names
  const pieces = parts.map((part, index) => {
    if (index % 2 === 0) return { text: part, filled: false }
    if (!isPlaceholder(part)) return { text: `{${part}}`, filled: false }
    // Older texts may have a link directly after other text: put it on a new line.
    const before = index === 1 ? (parts[0] ?? '') : `}${parts[index - 1]}`
    const needsNewLine = part === 'reset_link' && !opensLink.test(before)
    return { text: needsNewLine ? `\n${values[part]}` : values[part], filled: true }
  })
  return pieces.filter(({ text }) => text !== '')
}

export const filledText = (text: string, values: Record<Placeholder, string>): string =>
  fill(text, values)
    .map((piece) => piece.text)
    .join('')

/** Splits a text at its empty lines. */
export const paragraphsOf = (body: string): string[] => body.trim().split(/\n[^\S\n]*\n\s*/)
