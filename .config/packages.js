// Looks at what npm would install: `node .config/packages.js [FOLDER]`, FOLDER holding package.json and package-lock.json.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'))
const read = (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'))
const [wanted, { packages }] = [read('package.json'), read('package-lock.json')]

/** Versions that were found wanting, and since when they are not. */
const least = { cookie: '0.7.0' }

/** Where a package comes from unless its entry says otherwise: then it is npm's setting, and the checksum decides. */
const publicRegistry = 'https://registry.npmjs.org/'

const asked = Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })
const locked = Object.entries(packages)
  .filter(([place, { link }]) => place !== '' && !link)
  .map(([place, its]) => ({ place, name: its.name ?? place.split('node_modules/').at(-1), ...its }))

const older = (version, than) => {
  const [a, b] = [version, than].map((each) => each.split(/[.-]/).slice(0, 3).map(Number))
  const at = a.findIndex((part, i) => part !== b[i])
  return at >= 0 && a[at] < b[at]
}

const faults = [
  ...asked
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version} is not pinned to one version`),
  ...locked
    .filter(({ resolved = publicRegistry }) => !resolved.startsWith(publicRegistry))
    .map(({ place, resolved }) => `${place}: comes from ${resolved}, not from the public registry`),
  ...locked.filter(({ integrity }) => !integrity).map(({ place }) => `${place}: has no checksum`),
  ...locked
    .filter(({ name, version }) => least[name] && older(version, least[name]))
    .map(({ place, name, version }) => `${place}: ${version} is older than ${least[name]}`),
  ...locked
    .filter(({ name, hasInstallScript }) => hasInstallScript && !(name in (wanted.allowScripts ?? {})))
    .map(
      ({ name }) => `${name}: has an install script that nobody has looked at (package.json, allowScripts)`,
    ),
]

for (const fault of faults) console.log(fault)
console.log(`${locked.length} packages, ${faults.length} faults`)
process.exit(faults.length > 0 || locked.length < 100 ? 1 : 0)
