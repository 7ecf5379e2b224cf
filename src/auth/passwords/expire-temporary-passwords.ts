import { systemContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db } from '../../platform/db.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { updateTemporaryExpired } from './queries.ts'

const batchSize = 100

/** Expires temporary passwords that were not replaced in time: records it and ends their sessions. */
export async function expireTemporaryPasswords(db: Db): Promise<void> {
  const count = await db.transaction(async (tx) => {
    const people = await updateTemporaryExpired(tx, batchSize)
    for (const person of people) {
      record(tx, systemContext, { event: 'temporary_password_expired', subject: person })
      await endSessions(tx, systemContext, person)
    }
    return people.length
  })
  if (count === batchSize) await expireTemporaryPasswords(db)
}
