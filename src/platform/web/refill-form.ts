import type { StaleForm } from './stale-form.ts'

// Our own templates write these tags: every value is quoted and escaped, so no value contains a quote or a bracket.
const form = /<form\b[^>]*>[\s\S]*?<\/form>/g
const field = /<input\b[^>]*>|<option\b[^>]*>|<select\b[^>]*>|(<textarea\b[^>]*>)[\s\S]*?(?=<\/textarea>)/g

/** Fills the typed values into the same form of a fresh page. Passwords and files are never filled in. */
export function refill(html: string, { action, typed }: StaleForm): string {
  return html.replace(form, (whole) => (isSentTo(whole, action) ? refillForm(whole, typed) : whole))
}

const isSentTo = (whole: string, action: string): boolean =>
  [...whole.matchAll(/\s(?:form)?action="([^"]*)"/g)].some(([, address]) => plain(address ?? '') === action)

function refillForm(whole: string, typed: Record<string, unknown>): string {
  let select: string | undefined
  return whole.replace(field, (tag: string, textarea?: string) => {
    const name = attribute(tag, 'name')
    if (tag.startsWith('<select')) select = name
    if (tag.startsWith('<option')) return withSelection(tag, 'selected', select, typed)
    if (tag.startsWith('<select') || name === undefined) return tag
    if (textarea !== undefined) return isText(typed[name]) ? `${textarea}\n${escaped(typed[name])}` : tag
    return refillInput(tag, name, typed)
  })
}

function refillInput(tag: string, name: string, typed: Record<string, unknown>): string {
  const type = attribute(tag, 'type') ?? 'text'
  if (name === '_csrf' || type === 'password' || type === 'file') return tag
  if (type === 'checkbox' || type === 'radio') return withSelection(tag, 'checked', name, typed)
  const value = typed[name]
  if (!isText(value)) return tag
  return `${tag.replace(/\svalue="[^"]*"/, '').replace(/>$/, '')} value="${escaped(value)}">`
}

/** Selects a box or an option if it was sent. */
function withSelection(
  tag: string,
  flag: string,
  name: string | undefined,
  typed: Record<string, unknown>,
): string {
  if (name === undefined) return tag
  const without = tag.replace(new RegExp(`\\s${flag}(="[^"]*")?(?=[\\s>])`), '')
  const sent = [typed[name]].flat().includes(plain(attribute(tag, 'value') ?? 'on'))
  return sent ? without.replace(/>$/, ` ${flag}>`) : without
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]

const isText = (value: unknown): value is string => typeof value === 'string'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (entity) => entities[entity] ?? entity)
const plain = (text: string): string =>
  Object.entries(entities).reduceRight((result, [entity, code]) => result.replaceAll(code, entity), text)
