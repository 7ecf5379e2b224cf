import type { Company } from '../company/queries.ts'
import type { Db, Tx } from '../foundation/db.ts'
import type { Hasher } from './hash.ts'
import type { Tries } from './tries.ts'

/** What every deed on a password works with. */
export interface PasswordKit {
  db: Db
  hasher: Hasher
  tries: Tries
  companyNow: () => Promise<Company>
  /** The same as it stays until a transaction ends: what a password is judged by when it is stored. */
  companyHeld: (tx: Tx) => Promise<Company>
}
