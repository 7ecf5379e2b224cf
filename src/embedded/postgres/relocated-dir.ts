import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// DATA_DIR has a file that names the relocated folder, and that folder has one that names its DATA_DIR.
const pointer = 'postgres-is-in'
const owner = 'belongs-to'

export const systemFolder = '/var/lib/fieldkey'

/** A project that was moved keeps its database; a copy of a project gets its own. */
export function knownRelocation(folder: string): string | undefined {
  const relocated = read(join(folder, pointer))
  const owned = relocated && read(join(relocated, owner))
  if (!relocated || !owned) return undefined
  if (owned === folder) return relocated
  if (read(join(owned, pointer)) === relocated) return relocate(folder)
  writeFileSync(join(relocated, owner), folder)
  return relocated
}

export function relocate(folder: string): string {
  const relocated = join(systemFolder, randomBytes(6).toString('hex'))
  const note = join(folder, `${pointer}.${process.pid}`)
  makeOpenFolder(systemFolder)
  makeOpenFolder(relocated)
  writeFileSync(join(relocated, owner), folder)
  writeFileSync(note, relocated)
  if (read(join(folder, pointer))) rmSync(join(folder, pointer))
  try {
    linkSync(note, join(folder, pointer)) // of two concurrent starts, one wins
    return relocated
  } catch {
    rmSync(relocated, { recursive: true })
    return read(join(folder, pointer)) ?? relocated
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
