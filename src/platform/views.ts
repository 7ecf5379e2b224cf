import { readFileSync } from 'node:fs'
import path from 'node:path'
import ejs, { type TemplateFunction } from 'ejs'

/** Markup of ours. Views put in nothing else as it is (`<%-`). */
export type Html = string & { readonly isHtml: true }

/** Text as markup that shows it. */
export const escapeHtml = (text: string): Html => ejs.escapeXML(text) as Html

const viewsFolder = path.resolve(import.meta.dirname, '../../views')

/** Renders one view. Options never come from the locals, where a request could smuggle them in. */
export const renderView = (name: string, locals: object): string => template(name)({ ...locals, include })

/** A partial sees the locals of the view around it. EJS itself would copy all of them twice for each partial. */
const include = (locals: object, part: string, more?: object): string =>
  template(part)(more ? { ...locals, ...more } : locals)

const templates = new Map<string, TemplateFunction>()

function template(name: string): TemplateFunction {
  const cached = templates.get(name)
  if (cached) return cached
  const file = path.join(viewsFolder, `${name}.ejs`)
  const view = joinAttributes(readFileSync(file, 'utf8'))
  const options = {
    filename: file,
    async: false as const,
    unsafePrototypeLocals: true, // no copy: the locals are ours
    _with: false,
    destructuredLocals: namesIn(view),
  }
  const compiled = ejs.compile(withoutWith(view), options)
  templates.set(name, compiled)
  return compiled
}

/** In a view the attributes of a tag may be on several lines; in the page they are on one. */
const joinAttributes = (view: string): string =>
  view.replace(codeOrTag, (found) =>
    found.startsWith('<%')
      ? found
      : found.replace(codeOrBreak, (part) => (part.startsWith('<%') ? part : ' ')),
  )
const codeOrTag = /<%[^]*?%>|<[a-z](?:<%[^]*?%>|"(?:<%[^]*?%>|[^"])*"|[^">])*>/gi
const codeOrBreak = /<%[^]*?%>|\s*\n\s*/g

/**
 * EJS runs a view inside `with (locals)`, which V8 never optimizes. Ours take the names that they use from the locals
 * first. The braces let a view declare a name that is also one of these.
 */
const withoutWith = (view: string): string =>
  `<% { -%>${view.replace(code, (part) => part.replace(/\binclude\(/g, 'locals.include(locals, '))}<% } -%>`

const code = /<%(?!#)[^]*?%>/g
const text = /'(?:[^'\\\n]|\\.)*'/g
const name = /(?<![\w$])(?<!(?<!\.\.)\.)[a-zA-Z_$][\w$]*/g // not a property, but also after three dots

const namesIn = (view: string): string[] => {
  const found = (view.match(code) ?? []).flatMap((part) => part.replace(text, '').match(name) ?? [])
  return [...new Set(found)].filter((each) => !(each in globalThis) && !taken.includes(each) && isName(each))
}

/** What EJS passes to a view itself. */
const taken = ['locals', 'include', 'escapeFn', 'rethrow']

function isName(word: string): boolean {
  try {
    return typeof new Function(`let ${word}`) === 'function'
  } catch {
    return false
  }
}
