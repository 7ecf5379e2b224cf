import type { Actor, RequestContext } from '../../access/actor.ts'
import { assertPermission } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { plainAddress } from '../../platform/email-address.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import type { Upload } from '../../platform/web/upload.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { selectFieldworkerRole } from '../manage/queries.ts'
import { validateRows } from './validate-rows.ts'
import { insertImport, selectAllTeams, selectTaken } from './queries.ts'
import { parseCsv } from './parse-csv.ts'

export const maxBytes = 5 * 1024 * 1024

/** The dry run: what stands in a file is judged and kept, and nobody is made yet. Gives the import's id. */
export async function previewImport(
  db: Db,
  by: RequestContext<Actor>,
  upload: Upload | undefined,
): Promise<Result<string>> {
  if (!upload || (upload.bytes.length === 0 && !upload.name)) return invalid({ file: 'Choose a file first.' })
  if (upload.tooLarge) return invalid({ file: 'The file is larger than 5 MB. Split it.' })
  return queued(() => validateAndSave(db, by, upload))
}

async function validateAndSave(db: Db, by: RequestContext<Actor>, upload: Upload): Promise<Result<string>> {
  const read = await parseCsv(upload.bytes)
  if (!read.ok) return read
  const emails = read.value.rows.map(({ cells }) => plainAddress(cells?.email ?? '').replaceAll('\0', ''))
  const rows = await validateRows(read.value.rows, {
    actor: by.actor,
    role: await selectFieldworkerRole(db),
    teams: await selectAllTeams(db),
    taken: await selectTaken(db, emails),
  })
  const id = await db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by)
    assertPermission(actor, 'users.manage')
    const file = { startedBy: actor.id, fileName: fileName(upload.name), understood: read.value.understood }
    return insertImport(tx, file, rows)
  })
  return ok(id)
}

let lastInQueue: Promise<unknown> = Promise.resolve()

/** One file after the other: what each is expanded to is in memory only once. */
function queued<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastInQueue.then(work)
  lastInQueue = turn.catch(() => {})
  return turn
}

/** What a browser calls the file, without the folders and characters it has no business with. */
const fileName = (sent: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are just what is taken out
  (sent.split(/[\\/]/).at(-1) ?? '').replace(/[\x00-\x1f\x7f]/g, '').slice(0, 200) || 'a file'
