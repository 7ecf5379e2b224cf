import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// DATA_DIR keeps a note of where its database is, and the place elsewhere a note of whose it is.
const pointer = 'postgres-is-in'
const owner = 'belongs-to'

export const systemFolder = '/var/lib/fieldkey'

/** A project that was moved takes its database along; a copy of a project does not share it. */
export function knownElsewhere(folder: string): string | undefined {
  const elsewhere = read(join(folder, pointer))
  const owned = elsewhere && read(join(elsewhere, owner))
  if (!elsewhere || !owned) return undefined
  if (owned === folder) return elsewhere
  if (read(join(owned, pointer)) === elsewhere) return newElsewhere(folder)
  writeFileSync(join(elsewhere, owner), folder)
  return elsewhere
}

export function newElsewhere(folder: string): string {
  const elsewhere = join(systemFolder, randomBytes(6).toString('hex'))
  const note = join(folder, `${pointer}.${process.pid}`)
  makeOpenFolder(systemFolder)
  makeOpenFolder(elsewhere)
  writeFileSync(join(elsewhere, owner), folder)
  writeFileSync(note, elsewhere)
  if (read(join(folder, pointer))) rmSync(join(folder, pointer))
  try {
    linkSync(note, join(folder, pointer)) // of two starts at once, one is first
    return elsewhere
  } catch {
    rmSync(elsewhere, { recursive: true })
    return read(join(folder, pointer)) ?? elsewhere
  } finally {
    rmSync(note)
  }
}

export function makeOpenFolder(folder: string) {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
