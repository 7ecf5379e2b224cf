import type { FindLocked } from '../../../people/filter.ts'
import type { PasswordServices } from '../password-services.ts'
import { selectMaybeLocked, selectWaiting } from './queries.ts'

/**
 * Finds everybody whose profile says “Locked out”. The table of wrong passwords names nobody, so the people that the log
 * makes possible are asked about by the key of their address.
 */
export const lockedFinder =
  ({ loginAttempts }: Pick<PasswordServices, 'loginAttempts'>): FindLocked =>
  async (db) => {
    const people = await selectMaybeLocked(db)
    const accounts = people.map(({ id, email }) => ({ id, account: loginAttempts.accountOf(email) }))
    return accounts.length > 0 ? selectWaiting(db, accounts) : []
  }
