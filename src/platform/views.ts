import { readFileSync } from 'node:fs'
import path from 'node:path'
import ejs, { type TemplateFunction } from 'ejs'

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

const templates = new Map<string, TemplateFunction>()

function template(file: string): TemplateFunction {
  const cached = templates.get(file)
  if (cached) return cached
  const options = { filename: file, async: false as const, unsafePrototypeLocals: true }
  const compiled = ejs.compile(readFileSync(file, 'utf8'), options)
  templates.set(file, compiled)
  return compiled
}
