import { existsSync, lchownSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { canEnter, runsAsRoot, unprivilegedAccount } from './os-user.ts'
import type { Account } from './os-user.ts'
import { knownRelocation, relocate } from './relocated-dir.ts'

/** The folder of the cluster and its password, and the account to run it as (undefined: the current one). */
export type DataDir = { home: string; account?: Account }

/**
 * The cluster is in DATA_DIR, or under /var/lib if we are root and the database's account cannot enter DATA_DIR. An
 * existing database is never replaced by an empty one.
 */
export function findDataDir(dataFolder: string, major: number): DataDir {
  mkdirSync(dataFolder, { recursive: true })
  const folder = realpathSync(dataFolder)
  const name = `postgres-${major}`
  refuseOtherMajor(folder, name)
  const home = join(folder, name)
  if (!runsAsRoot()) return { home }
  if (existsSync(home)) return { home, account: ownerOf(home, folder) }

  const account = unprivilegedAccount()
  const relocated = knownRelocation(folder) ?? (canEnter(folder, account) ? undefined : relocate(folder))
  if (!relocated) return { home, account }
  refuseOtherMajor(relocated, name)
  const relocatedHome = join(relocated, name)
  return {
    home: relocatedHome,
    account: existsSync(relocatedHome) ? ownerOf(relocatedHome, relocated) : account,
  }
}

function refuseOtherMajor(folder: string, name: string) {
  const others = readdirSync(folder).filter((entry) => /^postgres-\d+$/.test(entry))
  if (others.length === 0 || others.includes(name)) return
  throw new Error(
    `${folder} holds ${others.join(', ')}, and this version of Fieldkey brings ${name}. ` +
      'Move the data across with the old version first, or set DATABASE_URL.',
  )
}

/**
 * A cluster belongs to the account that created it; one that root copied is given back to an unprivileged account.
 */
function ownerOf(home: string, folder: string): Account {
  const { uid, gid } = statSync(home)
  const account = uid === 0 ? unprivilegedAccount() : { uid, gid }
  if (!canEnter(folder, account)) {
    throw new Error(
      `The account that runs the database (uid ${account.uid}) can no longer enter ${folder}, which holds it. ` +
        'Give it access (chmod o+x on the folder and those above it), or set DATABASE_URL.',
    )
  }
  if (uid === 0) {
    const everything = ['', ...readdirSync(home, { recursive: true, encoding: 'utf8' })]
    for (const entry of everything) lchownSync(join(home, entry), account.uid, account.gid)
  }
  return account
}
