import type { Tx } from '../foundation/db.ts'
import { updatePasswordWithdrawn } from './queries.ts'

/** Takes a password that somebody else knows out of use: only a reset gives the account one again. */
export async function withdrawPassword(tx: Tx, userId: string): Promise<void> {
  await updatePasswordWithdrawn(tx, userId)
}
