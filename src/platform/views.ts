import { readFileSync } from 'node:fs'
import path from 'node:path'
import ejs, { type TemplateFunction } from 'ejs'

/** Markup of ours. Views put in nothing else as it is (`<%-`). */
export type Html = string & { readonly isHtml: true }

/** Text as markup that shows it. Most text has nothing to escape, and EJS would copy it all the same. */
export const escapeHtml = (text: string): Html => (special.test(text) ? ejs.escapeXML(text) : text) as Html
const special = /[&<>'"]/

const viewsFolder = path.resolve(import.meta.dirname, '../../views')

/** What a view sees: the locals of its page, and before them its own if it is a partial. */
interface Given {
  page: object
  own: object
}

/** Renders one view. Options never come from the locals, where a request could smuggle them in. */
export const renderView = (name: string, page: object): string => template(name)({ page, own: {}, include })

/** A partial also sees what the view around it was given. EJS itself would copy all locals twice for each partial. */
const include = ({ page, own }: Given, part: string, more?: object): string =>
  template(part)({ page, own: more ? { ...own, ...more } : own, include })

const templates = new Map<string, TemplateFunction>()

function template(name: string): TemplateFunction {
  const cached = templates.get(name)
  if (cached) return cached
  const file = path.join(viewsFolder, `${name}.ejs`)
  const options = {
    filename: file,
    async: false as const,
    localsName: 'given',
    unsafePrototypeLocals: true, // no copy: the locals are ours
    escape: (shown: unknown) => escapeHtml(shown === undefined || shown === null ? '' : String(shown)),
    _with: false,
  }
  const compiled = ejs.compile(withNames(joinAttributes(readFileSync(file, 'utf8'))), options)
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
function withNames(view: string): string {
  const taken = namesIn(view).map(
    (name) => `let ${name} = '${name}' in given.own ? given.own.${name} : given.page.${name};`,
  )
  const whole = view.replace(code, (part) => part.replace(/\binclude\(/g, 'given.include(given, '))
  return `<% ${taken.join(' ')} { -%>${whole}<% } -%>`
}

const code = /<%(?!#)[^]*?%>/g
const text = /'(?:[^'\\\n]|\\.)*'/g
/** A name, also after three dots, and no property after one. */
const name = /(?<![\w$])(?<!(?<!\.\.)\.)[a-zA-Z_$][\w$]*/g

const namesIn = (view: string): string[] => {
  const found = (view.match(code) ?? []).flatMap((part) => part.replace(text, '').match(name) ?? [])
  return [...new Set(found)].filter((each) => !(each in globalThis) && each !== 'include' && isName(each))
}

function isName(word: string): boolean {
  try {
    return typeof new Function(`let ${word}`) === 'function'
  } catch {
    return false
  }
}
