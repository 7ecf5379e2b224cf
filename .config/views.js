// Turns each view into TypeScript, so that `check:types` finds a misspelt local. Lines and columns stay the view's own.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '..')
const folder = path.join(root, 'views')

/** Every view by its name, such as `people/profile`. */
export const viewNames = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith('.ejs'))
  .map((file) => file.slice(0, -'.ejs'.length))
  .sort()

/** The file that the compiler is shown in place of a view. */
export const shownAs = (name) => path.join(folder, `${name}.ejs.ts`)
export const viewFile = (name) => path.join(folder, `${name}.ejs`)

/** What `include` takes: every partial by its address. */
export const partialsFile = path.join(folder, 'partials.ts')
export const partialsSource = () =>
  [
    ...viewNames.map((name, i) => `import type { Locals as L${i} } from './${name}.ejs.ts'`),
    'export interface Partials {',
    ...viewNames.map((name, i) => `'/${name}': L${i}`),
    '}',
  ].join('\n')

/** A view as TypeScript, with the number of lines that stand before its first one, and where each local is first used. */
export function viewSource(name, text = readFileSync(viewFile(name), 'utf8')) {
  const { code, head } = translate(text)
  const used = localsUsed(code)
  const up = '../'.repeat(name.split('/').length)
  const email = name.startsWith('emails/')
  const type = head.locals ?? (isPage(name) ? `Views['${name}']` : 'object')
  const before = [
    `import type * as T from '${up}.config/view-types.ts'`,
    `import type { Partials } from '${up}views/partials.ts'`,
    ...Object.entries(namedTypes)
      .filter(([named]) => new RegExp(`\\b${named}\\b`).test(type))
      .map(([named, file]) => `import type { ${named} } from '${up}${file}'`),
    ...head.imports,
    `export type Locals = ${type}`,
    `type All = ${email ? '' : 'T.Common & '}Locals`,
    `export function view(locals: All, include: T.Include<All, Partials>, _: (text: T.Shown) => void, $: (html: ${email ? 'string' : 'T.Html'}) => void) {`,
    'void [locals, include, $]',
    ...[...used.keys()].map((local) => `const { ${local} } = locals`),
  ].join('\n')
  const linesBefore = before.split('\n').length
  return {
    source: [before, code, '}'].join('\n'),
    linesBefore,
    usedAt: new Map([...used.values()].map((at, i) => [linesBefore - used.size + i, lineOf(code, at)])),
  }
}

/** Types that a view can name without importing them. */
const namedTypes = { Actor: 'src/access/actor.ts', Html: 'src/platform/views.ts' }

const longestLine = 160

/** What the compiler would not find. */
export function viewFaults(name) {
  const at = (line, fault) => `views/${name}.ejs:${line + 1}:1 ${fault}`
  const text = readFileSync(viewFile(name), 'utf8')
  const comments = [...text.matchAll(/<%(?!#)(?:(?!%>)[^])*?\s\/\/ /g)]
  const long = text.split('\n').flatMap((line, i) => (line.length > longestLine ? [i] : []))
  return [
    ...comments.map(({ index }) => at(lineOf(text, index), 'A comment is a tag of its own: <%# … %>')),
    ...long.map((line) => at(line, `A line has at most ${longestLine} characters.`)),
  ]
}

/** Pages are rendered by a route, which gives them what `Views` says. Partials and layouts say it themselves. */
const isPage = (name) => !/(^|\/)_/.test(name) && !name.startsWith('emails/')

const lineOf = (code, at) => code.slice(0, at).split('\n').length - 1

/** Leaves of a view only its code, each piece where it was; markup becomes blanks. */
function translate(text) {
  const head = { imports: [], locals: undefined }
  const code = text.split(/(<%(?:(?!%>)[^])*%>)/).map((part, i) => {
    if (i % 2 === 0) return blank(part)
    if (part.startsWith('<%#')) return readHead(part, head)
    const body = part
      .slice(2, -2)
      .replace(/-$/, ' ')
      .replace(/\/\*(: [^]*?)\*\//g, '  $1  ')
      .replace(/\binclude\(('[^']+')(, ?|(?=\)))/g, 'include[$1](')
    if (body.startsWith('=')) return `;_(${body.slice(1)});`
    if (body.startsWith('-')) return `;$(${body.slice(1)});`
    return ` ;${body}  `
  })
  return { code: code.join(''), head }
}

const blank = (text) => text.replace(/[^\n]/g, ' ')

/** `<%# locals: { name: string } %>` says what a partial takes; `<%# import type … %>` names a type for it. */
function readHead(part, head) {
  const said = part.slice(3, -2).replace(/-$/, '').trim()
  if (said.startsWith('locals:')) head.locals = said.slice('locals:'.length)
  else if (said.startsWith('import type')) head.imports.push(said)
  return blank(part)
}

/** The names that a view takes from its locals, each with the place where it is first used. */
function localsUsed(code) {
  const file = ts.createSourceFile('view.ts', `{${code}}`, ts.ScriptTarget.Latest, true)
  const [used, declared] = [new Map(), new Set(['locals', 'include', '_', '$', 'undefined'])]
  const visit = (node) => {
    if (ts.isTypeNode(node)) return
    if (ts.isIdentifier(node)) {
      const { parent } = node
      if ('name' in parent && parent.name === node && !ts.isPropertyAccessExpression(parent)) {
        if (ts.isShorthandPropertyAssignment(parent)) use(node)
        else if (!ts.isPropertyAssignment(parent)) declared.add(node.text)
      } else if (
        !(ts.isPropertyAccessExpression(parent) && parent.name === node) &&
        !(ts.isBindingElement(parent) && parent.propertyName === node)
      )
        use(node)
    }
    ts.forEachChild(node, visit)
  }
  const use = (node) => {
    if (!used.has(node.text)) used.set(node.text, node.getStart() - 1)
  }
  visit(file)
  for (const name of [...used.keys()]) if (declared.has(name) || name in globalThis) used.delete(name)
  return used
}
