import { asTarget, hasPermission } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { invite } from '../../auth/invitations/invite.ts'
import { createFieldworkers, recordImported } from '../manage/create-fieldworkers.ts'
import { selectFieldworkerRole } from '../manage/queries.ts'
import { selectOptionalUser } from '../queries.ts'
import { createTeams } from './offers/create-teams.ts'
import { updateKnownPeople } from './offers/update-people.ts'
import type { StopReason } from './reason-texts.ts'
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

const batchSize = 1_000

/** Stops an import permanently, without importing anyone. */
class ImportStopped extends Error {
  readonly reason: StopReason

  constructor(reason: StopReason) {
    super(reason.code)
    this.reason = reason
  }
}

/**
 * The job that imports all valid rows in one transaction, or none. It runs with the current permissions of the person
 * who started it, checked at the beginning and again, under lock, at the end. If the worker is killed, another one runs
 * the job again.
 */
export async function runImport(db: Db, importId: string, isLastAttempt: boolean): Promise<void> {
  try {
    await db.transaction((tx) => importRows(db, tx, importId))
  } catch (error) {
    const reason = reasonFor(error as Error & { constraint?: string })
    if (reason) return updateStopped(db, importId, reason)
    log.error({ err: error, import: importId }, 'an import failed')
    if (isLastAttempt) return updateStopped(db, importId, { code: 'internal_error' })
    await updateProgress(db, importId, 0, { code: 'retrying' })
    throw error
  }
}

async function importRows(db: Db, tx: Tx, importId: string) {
  await lockImport(tx, importId)
  const wanted = await selectOptionalImport(tx, importId)
  if (wanted?.status !== 'queued') return
  const by = await authorizedStarter(tx, wanted, await selectValidRows(tx, importId))
  const newTeams = await createTeams(tx, by, importId)
  const all = await selectValidRows(tx, importId)
  const rows = all.filter(({ user_id }) => user_id === null)
  const updates = all.filter(({ user_id }) => user_id !== null)
  await updateProgress(db, importId, 0)
  const people = []
  for (let from = 0; from < rows.length; from += batchSize) {
    const created = await createFieldworkers(tx, rows.slice(from, from + batchSize))
    if (created.taken.length > 0) throw new ImportStopped(takenMeanwhile(created.taken))
    await invite(tx, by, created.people)
    people.push(...created.people)
    await updateProgress(db, importId, people.length)
  }
  await lockActors(
    tx,
    [wanted.started_by],
    updates.flatMap(({ user_id }) => user_id ?? []),
  )
  const now = await authorizedStarter(tx, wanted, all)
  await updateKnownPeople(tx, now, importId, updates)
  await updateDone(tx, importId, { newTeams })
  recordImported(tx, now, wanted.file_name, people)
}

/** The person who started it, if still active and still allowed to add people to every team of the file. */
async function authorizedStarter(tx: Tx, { started_by, ip, user_agent, request_id }: ImportRow, rows: Row[]) {
  const user = await selectOptionalUser(tx, started_by)
  if (user?.status !== 'active') throw new ImportStopped({ code: 'starter_not_active' })
  const starter = asTarget(user)
  if (!hasPermission(starter, 'users.manage')) throw new ImportStopped({ code: 'starter_not_allowed' })
  const role = await selectFieldworkerRole(tx)
  const lost = rows.find(
    ({ name, email, team_id }) =>
      !can(starter, 'users.manage', { id: '', name, email, teamId: team_id, role }),
  )
  if (lost)
    throw new ImportStopped(
      lost.team ? { code: 'team_not_allowed', team: lost.team } : { code: 'teamless_not_allowed' },
    )
  return { actor: starter, ip, userAgent: user_agent, requestId: request_id }
}

function reasonFor(error: Error & { constraint?: string }): StopReason | undefined {
  if (error instanceof ImportStopped) return error.reason
  return error.constraint === 'users_team_id_fkey' ? { code: 'team_deleted' } : undefined
}

function takenMeanwhile(emails: string[]): StopReason {
  const addresses = emails.slice(0, 5).join(', ')
  return emails.length > 5
    ? { code: 'more_addresses_taken', addresses, more: emails.length - 5 }
    : { code: 'addresses_taken', addresses }
}
