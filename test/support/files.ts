import fs from 'node:fs'
import path from 'node:path'

const home = path.resolve(import.meta.dirname, '../..')
const notOurs = ['node_modules', '.git', '.data', '.env', '.compiled', 'coverage']
const texts = /(\.(ts|js|ejs|sql|css|svg|json|md|yml|txt)|\/(Dockerfile|run|\.\w+))$/

/** The project's own text files in a folder: path to content. */
export function files(folder: string, kind = texts): Map<string, string> {
  const found = walk(path.join(home, folder)).map((file) =>
    path.relative(home, file).replaceAll(path.sep, '/'),
  )
  const ours = found.filter((file) => kind.test(`/${file}`)).sort()
  return new Map(ours.map((file) => [file, fs.readFileSync(path.join(home, file), 'utf8')]))
}

function walk(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.includes(entry.name)) return []
    const place = path.join(folder, entry.name)
    return entry.isDirectory() ? walk(place) : entry.isFile() ? [place] : []
  })
}
