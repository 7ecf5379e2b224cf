import { escapeHtml, type Html } from './views.ts'

/** Where a text of ours sends people to their office. “Your office changed it” does not. */
const mention = /\b(?:call|ask|tell|give) your office\b(\.$)?/i

/** A text with the number of the office where it is first mentioned, for emails. */
export function withPhone(text: string, phone: string | null): string {
  if (phone === null || text.includes(phone)) return text
  return text.replace(mention, (found, end?: string) => placed(found, phone, end))
}

/** The same for pages, where the number is a link. The text is escaped. */
export function withPhoneLink(text: string, phone: string | null): Html {
  if (phone === null) return escapeHtml(text)
  const link = `<a class="nowrap" href="${escapeHtml(phoneHref(phone))}">${escapeHtml(phone)}</a>`
  return escapeHtml(text).replace(mention, (found, end?: string) => placed(found, link, end)) as Html
}

/** At the end of a text after a colon, elsewhere in brackets. */
const placed = (found: string, phone: string, end?: string): string =>
  end ? `${found.slice(0, -end.length)}: ${phone}` : `${found} (${phone})`

/** The link of a phone number, without what people write around it: “+44 (0)20 7946 0018 ext. 5”. (RFC 3966) */
export function phoneHref(phone: string): string {
  const [, number = '', extension] = /^(.*?)(?:(?:x|ext\.?|#) *(\d+))?$/i.exec(phone) ?? []
  const plus = number.trim().startsWith('+')
  const digits = (plus ? number.replace('(0)', '') : number).replace(/\D/g, '')
  return `tel:${plus ? '+' : ''}${digits}${extension ? `;ext=${extension}` : ''}`
}
