import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Migration {
  name: string
  text: string
  sha256: string
}

/** The files that bring an empty database up to date, in their order: the baseline, then `NNNN_what.sql`. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  return [...(await readFolder(folder, 'baseline/')), ...(await readFolder(folder, ''))]
}

export const isBaseline = ({ name }: Pick<Migration, 'name'>): boolean => name.startsWith('baseline/')

/** Brings a database of a released version to where the baseline brings an empty one. */
export interface Upgrade extends Migration {
  /** The last of the files that made such a database, and how many they are. */
  last: string
  files: number
}

/** The upgrade in this folder, if there is one. */
export async function readUpgrade(folder: string): Promise<Upgrade | undefined> {
  const [upgrade] = await readFolder(folder, 'upgrade/')
  return upgrade && { ...upgrade, last: '0029_people_by_status.sql', files: 25 }
}

async function readFolder(folder: string, inner: string): Promise<Migration[]> {
  const names = await readdir(join(folder, inner)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && inner !== '') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(files.map((name) => readMigration(folder, `${inner}${name}`)))
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
}
