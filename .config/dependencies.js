// Asks dependency-cruiser whether imports in src/ follow the order of modules. `node .config/dependencies.js [FOLDER]`, FOLDER holding a src/.
import path from 'node:path'
import { cruise } from 'dependency-cruiser'
import rules from './dependency-cruiser.js'

// With a TypeScript it does not know the cruiser finds no modules, and so no faults: that must never pass.
const atLeast = 70

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'))
const { forbidden, options } = rules
const { output } = await cruise(['src'], {
  ...options,
  baseDir: folder,
  ruleSet: { forbidden },
  validate: true,
})

const modules = output.modules.filter(({ source }) => source.startsWith('src/')).length
for (const { rule, from, to, cycle } of output.summary.violations)
  console.log(`${rule.name}: ${[from, ...(cycle ? cycle.map(({ name }) => name) : [to])].join(' → ')}`)
console.log(`${modules} modules, ${output.summary.violations.length} faults`)

if (modules < atLeast) console.error(`At least ${atLeast} modules were expected: the check itself is broken.`)
process.exit(modules < atLeast || output.summary.violations.length > 0 ? 1 : 0)
