import type { Tx } from '../foundation/db.ts'
import { updatePasswordProven } from './queries.ts'

/** Notes that the password was entered just now in this session: what step-up asks about. It ends no later for it. */
export async function noteProof(tx: Tx, sessionId: string): Promise<void> {
  await updatePasswordProven(tx, sessionId)
}
