import { existsSync, lchownSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { canEnter, runsAsRoot, unprivilegedAccount } from './os-user.ts'
import type { Account } from './os-user.ts'
import { knownElsewhere, newElsewhere } from './relocated-dir.ts'

/** The folder that holds the cluster and its password, and the account to run as (none: the one we are). */
export type DataDir = { home: string; account?: Account }

/**
 * In DATA_DIR where it can be; under /var/lib where we are root and DATA_DIR is shut to the database's account.
 * A database that is already there is never passed over for an empty one.
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
  const elsewhere = knownElsewhere(folder) ?? (canEnter(folder, account) ? undefined : newElsewhere(folder))
  if (!elsewhere) return { home, account }
  refuseOtherMajor(elsewhere, name)
  const homeElsewhere = join(elsewhere, name)
  return {
    home: homeElsewhere,
    account: existsSync(homeElsewhere) ? ownerOf(homeElsewhere, elsewhere) : account,
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

/** Once made, a cluster belongs to the account that made it; one that root copied is handed back. */
function ownerOf(home: string, folder: string): Account {
  const { uid, gid } = statSync(home)
  const account = uid === 0 ? unprivilegedAccount() : { uid, gid }
  if (!canEnter(folder, account)) {
    throw new Error(
      `The account that runs the database (uid ${account.uid}) can no longer enter ${folder}, which holds it. ` +
        'Give it leave (chmod o+x on the folder and those above it), or set DATABASE_URL.',
    )
  }
  if (uid === 0) {
    const everything = ['', ...readdirSync(home, { recursive: true, encoding: 'utf8' })]
    for (const entry of everything) lchownSync(join(home, entry), account.uid, account.gid)
  }
  return account
}
