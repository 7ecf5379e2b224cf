import type { Company } from '../../company/queries.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Hasher } from './hash.ts'
import type { LoginAttempts } from './login-attempts.ts'

/** What every deed on a password works with. */
export interface PasswordServices {
  db: Db
  hasher: Hasher
  loginAttempts: LoginAttempts
  loadCompany: () => Promise<Company>
  /** The same as it stays until a transaction ends: what a password is judged by when it is stored. */
  lockCompany: (tx: Tx) => Promise<Company>
}
