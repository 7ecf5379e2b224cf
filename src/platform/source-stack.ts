import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const copies = pathToFileURL(path.resolve(import.meta.dirname, '../../.compiled')).href
/** A place in the copy that `src/run.js` makes. */
const place = new RegExp(`(${copies.replace(/[^\w/:]/g, '\\$&')}(?:/[\\w-]+)+\\.js):(\\d+):(\\d+)`, 'g')

/**
 * A stack trace that names the source instead of the copy. Node.js would do it by itself if it read the maps of all
 * files at each start, which takes longer than the start; this reads one when something fails.
 */
export const sourceStack = (stack: string | undefined): string | undefined =>
  stack?.replace(place, (whole, file: string, line: string, column: string) => {
    const found = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (!found || !('originalSource' in found)) return whole
    return `${path.resolve(path.dirname(fileURLToPath(file)), found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`
  })

const maps = new Map<string, SourceMap>()

function mapOf(file: string): SourceMap | undefined {
  const map = maps.get(file) ?? readMap(file)
  if (map) maps.set(file, map)
  return map
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${file}.map`), 'utf8')) as never)
  } catch {
    return undefined // the copy of another version was removed meanwhile
  }
}
