import { appendFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { log } from '../../src/platform/log.ts'
import { against } from './against.ts'
import { firstPaint } from './first-paint.ts'
import { importing } from './import.ts'
import { say } from './numbers.ts'
import { campaignEmails } from './campaign-emails.ts'
import { logChart } from './log-chart.ts'
import { logExport } from './log-export.ts'
import { logPages } from './log-pages.ts'
import { logWriters } from './log-writers.ts'
import { overload } from './overload.ts'
import { pages } from './pages.ts'
import { peopleSearch } from './people-search.ts'
import { processes } from './processes.ts'
import { timingLeak } from './timing-leak.ts'
import { signIns } from './sign-ins.ts'
import { companySizes } from './sizes.ts'
import { memorySoak } from './memory-soak.ts'
import { sayTargets, type Target } from './targets.ts'

// npm run bench [-- NAME [ARGUMENT]] [--size N …] [--json FILE]: all measures, or one. They are for reading: none passes or fails.
interface Measure {
  /** What can be asked for in another size, and how many it is unless asked. */
  sizes: Record<string, number>
  measure(sizes: Record<string, number>, argument?: string): Promise<{ targets?: Target[] }>
}
const measures = {
  against,
  pages,
  'sign-ins': signIns,
  sizes: companySizes,
  'people-search': peopleSearch,
  'log-export': logExport,
  'log-chart': logChart,
  'log-writers': logWriters,
  'campaign-emails': campaignEmails,
  'memory-soak': memorySoak,
  processes,
  'first-paint': firstPaint,
  overload,
  import: importing,
  'log-pages': logPages,
  'timing-leak': timingLeak,
} as Record<string, Measure>

const given = process.argv.slice(2)
const name = given[0]?.startsWith('-') ? undefined : given.shift()
const chosen = Object.entries(measures).filter(([each]) => each === (name ?? each))
if (chosen.length === 0)
  throw new Error(`There is no measure ${name}, only ${Object.keys(measures).join(', ')}`)

const options = { json: { type: 'string' } } as Record<string, { type: 'string' }>
for (const [, { sizes }] of chosen) for (const size of Object.keys(sizes)) options[size] = { type: 'string' }
const { values, positionals } = parseArgs({ args: given, options, allowPositionals: true })
const { json, ...asked } = values
const sizes = z.record(z.string(), z.coerce.number().int().min(1).max(10_000_000)).parse(asked)

log.level = 'silent'
if (json) rmSync(json, { force: true })
const targets: Target[] = []
for (const [name, { sizes: usual, measure }] of chosen) {
  const own = Object.keys(usual).map((size) => [size, sizes[size] ?? usual[size]] as const)
  say(`\n${name}  ${own.map(([size, number]) => `--${size} ${number}`).join(' ')}\n`)
  const began = performance.now()
  const found = await measure(Object.fromEntries(own) as Record<string, number>, positionals[0])
  targets.push(...(found.targets ?? []))
  say(`\n${((performance.now() - began) / 1000).toFixed(0)} s in all`)
  if (json)
    appendFileSync(json, `${JSON.stringify({ measure: name, ...Object.fromEntries(own), ...found })}\n`)
}
if (targets.length > 0) {
  say('')
  sayTargets(targets)
}
