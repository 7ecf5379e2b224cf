import type { Company } from '../../company/queries.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Hasher } from './hash.ts'
import type { LoginAttempts } from './login-attempts.ts'

/** What every action on passwords needs. */
export interface PasswordServices {
  db: Db
  hasher: Hasher
  loginAttempts: LoginAttempts
  /** What codes of caller checks are derived from. */
  callerCodeKey: Buffer
  loadCompany: () => Promise<Company>
  /** Locks the company until the transaction ends: a password is checked by this policy when it is stored. */
  lockCompany: (tx: Tx) => Promise<Company>
}
