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
import { selectKnown } from './offers/queries.ts'
import { parseCsv } from './parse-csv.ts'

export const maxBytes = 5 * 1024 * 1024

/** The dry run: validates and stores the rows of a file, and creates no one yet. Returns the id of the import. */
export async function previewImport(
  db: Db,
  by: RequestContext<Actor>,
  upload: Upload | undefined,
): Promise<Result<string>> {
  if (!upload || (upload.bytes.length === 0 && !upload.name)) return invalid({ file: 'Choose a file first.' })
  if (upload.tooLarge) return invalid({ file: 'The file is larger than 5 MB. Split it.' })
  return inQueue(() => validateAndSave(db, by, upload))
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
    known: await selectKnown(db, { emails }),
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

/** Handles one file after another, since an expanded file takes a lot of memory. */
function inQueue<T>(work: () => Promise<T>): Promise<T> {
  const result = lastInQueue.then(work)
  lastInQueue = result.catch(() => {})
  return result
}

/** The file name that the browser sent, without folders and control characters. */
const fileName = (sent: string): string =>
  // eslint-disable-next-line no-control-regex -- this removes control characters
  (sent.split(/[\\/]/).at(-1) ?? '').replace(/[\x00-\x1f\x7f]/g, '').slice(0, 200) || 'a file'
