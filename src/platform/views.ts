import { readFileSync } from 'node:fs'
import path from 'node:path'
import ejs, { type TemplateFunction } from 'ejs'

/** Markup of ours. Views put in nothing else as it is (`<%-`). */
export type Html = string & { readonly isHtml: true }

/** Text as markup that shows it. */
export const escapeHtml = (text: string): Html => ejs.escapeXML(text) as Html

export const viewsFolder = path.resolve(import.meta.dirname, '../../views')

/** Renders one view. Options never come from the locals, where a request could smuggle them in. */
export async function renderView(file: string, locals: object): Promise<string> {
  return render(file, inherit(null, locals))
}

function render(file: string, locals: object): string {
  const include = (part: string, more: object) =>
    render(path.join(viewsFolder, `${part}.ejs`), inherit(locals, more))
  return template(file)(inherit(locals, { include }))
}

/** A partial sees the locals of the view around it. EJS itself would copy all of them twice for each partial. */
const inherit = (locals: object | null, more: object) => Object.assign(Object.create(locals) as object, more)

/** In a view the attributes of a tag may be on several lines; in the page they are on one. */
const joinAttributes = (view: string): string =>
  view.replace(codeOrTag, (found) =>
    found.startsWith('<%')
      ? found
      : found.replace(codeOrBreak, (part) => (part.startsWith('<%') ? part : ' ')),
  )
const codeOrTag = /<%[^]*?%>|<[a-z](?:<%[^]*?%>|"(?:<%[^]*?%>|[^"])*"|[^">])*>/gi
const codeOrBreak = /<%[^]*?%>|\s*\n\s*/g

const templates = new Map<string, TemplateFunction>()

function template(file: string): TemplateFunction {
  const cached = templates.get(file)
  if (cached) return cached
  const options = { filename: file, async: false as const, unsafePrototypeLocals: true }
  const compiled = ejs.compile(joinAttributes(readFileSync(file, 'utf8')), options)
  templates.set(file, compiled)
  return compiled
}
