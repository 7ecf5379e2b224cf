import { record } from '../../activity/record.ts'
import type { Db } from '../../platform/db.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { updateTemporaryExpired } from './queries.ts'

const atOnce = 100

/** Temporary passwords that nobody replaced in time: told in the log, and what they opened is closed. */
export async function expireTemporaryPasswords(db: Db): Promise<void> {
  const fieldkey = { actor: null, ip: null, userAgent: null, requestId: null }
  const dead = await db.transaction(async (tx) => {
    const whose = await updateTemporaryExpired(tx, atOnce)
    for (const person of whose) {
      record(tx, fieldkey, { event: 'temporary_password_expired', subject: person })
      await endSessions(tx, fieldkey, person)
    }
    return whose.length
  })
  if (dead === atOnce) await expireTemporaryPasswords(db)
}
