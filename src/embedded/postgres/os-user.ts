import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export type Account = { uid: number; gid: number }

/** PostgreSQL refuses to run as root, and initdb needs an account that is in passwd. */
export function unprivilegedAccount(): Account {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'node', 'nobody']) {
    const found = accounts.find((fields) => fields[0] === name)
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new Error(
    'Root may not run a database, and there is no account named postgres, node or nobody to run it as. ' +
      'Start Fieldkey as another account, or set DATABASE_URL.',
  )
}

export function runsAsRoot() {
  return process.getuid?.() === 0
}

/** Whether an account can enter a folder. It cannot if the project is under /root or in a closed home. */
export function canEnter(folder: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(folder)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  const parent = dirname(folder)
  return (mode & bit) !== 0 && (parent === folder || canEnter(parent, account))
}
