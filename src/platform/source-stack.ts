import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in the copy that `src/run.js` makes. */
const place = /(file:\/\/\S+?\/\.compiled\/\S+?\.js):(\d+):(\d+)/g

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

const maps = new Map<string, SourceMap | undefined>()

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file))
  return maps.get(file)
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${file}.map`), 'utf8')) as never)
  } catch {
    return undefined // the copy of another version was removed meanwhile
  }
}
