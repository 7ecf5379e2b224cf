import { asTarget, hasPermission } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { invite } from '../../auth/invitations/invite.ts'
import { createFieldworkers, recordImported } from '../manage/create-fieldworkers.ts'
import { selectFieldworkerRole } from '../manage/queries.ts'
import { selectOptionalUser } from '../queries.ts'
import { lockActors } from '../../auth/sessions/lock-users.ts'
import {
  lockImport,
  selectValidRows,
  selectOptionalImport,
  updateDone,
  updateProgress,
  updateStopped,
  type ImportRow,
  type Row,
} from './queries.ts'

const atOnce = 1_000

/** What ends an import for good, in words: nothing of it is done then. */
class Stopped extends Error {}

/**
 * The job that takes an import in: all of its good rows in one transaction, or none. It acts with the rights that
 * whoever started it has now, asked for at the beginning and once more, under lock, at the end. A worker that dies
 * leaves nothing behind but the job, which another takes up.
 */
export async function runImport(db: Db, importId: string, lastTry: boolean): Promise<void> {
  try {
    await db.transaction((tx) => importRows(db, tx, importId))
  } catch (error) {
    const words = wordsFor(error as Error & { constraint?: string })
    if (words) return updateStopped(db, importId, words)
    log.error({ err: error, import: importId }, 'an import failed')
    if (lastTry)
      return updateStopped(db, importId, 'It failed on our side, again and again. Nobody was imported.')
    await updateProgress(
      db,
      importId,
      0,
      'It failed on our side, and is tried again. Nobody is imported yet.',
    )
    throw error
  }
}

async function importRows(db: Db, tx: Tx, importId: string) {
  await lockImport(tx, importId)
  const wanted = await selectOptionalImport(tx, importId)
  if (wanted?.status !== 'queued') return
  const rows = await selectValidRows(tx, importId)
  const by = await authorizedStarter(tx, wanted, rows)
  await updateProgress(db, importId, 0)
  const people = []
  for (let from = 0; from < rows.length; from += atOnce) {
    const made = await createFieldworkers(tx, rows.slice(from, from + atOnce))
    if (made.taken.length > 0) throw new Stopped(takenMeanwhile(made.taken))
    await invite(tx, by, made.people)
    people.push(...made.people)
    await updateProgress(db, importId, people.length)
  }
  await updateDone(tx, importId)
  await lockActors(tx, [wanted.started_by])
  await authorizedStarter(tx, wanted, rows)
  recordImported(tx, by, wanted.file_name, people)
}

/** Whoever started it, as they are now: still active, still allowed to, and still reaching every team of the file. */
async function authorizedStarter(tx: Tx, { started_by, ip, user_agent, request_id }: ImportRow, rows: Row[]) {
  const user = await selectOptionalUser(tx, started_by)
  if (user?.status !== 'active') throw new Stopped('Whoever started it can no longer sign in.')
  const starter = asTarget(user)
  if (!hasPermission(starter, 'users.manage'))
    throw new Stopped('Whoever started it may no longer import people.')
  const role = await selectFieldworkerRole(tx)
  const lost = rows.find(
    ({ name, email, team_id }) =>
      !can(starter, 'users.manage', { id: '', name, email, teamId: team_id, role }),
  )
  if (lost)
    throw new Stopped(
      `Whoever started it no longer reaches ${lost.team ? `the team ${lost.team}` : 'people without a team'}.`,
    )
  return { actor: starter, ip, userAgent: user_agent, requestId: request_id }
}

function wordsFor(error: Error & { constraint?: string }): string | undefined {
  if (error instanceof Stopped) return `${error.message} Nobody was imported.`
  if (error.constraint === 'users_team_id_fkey')
    return 'A team of the file is no longer there. Nobody was imported.'
  return undefined
}

function takenMeanwhile(emails: string[]): string {
  const named = emails.slice(0, 5).join(', ')
  const more = emails.length > 5 ? ` and ${emails.length - 5} more` : ''
  return `Since the file was checked, other accounts took these addresses: ${named}${more}. Upload the file again.`
}
