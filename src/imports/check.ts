import type { Actor, By } from '../access/actor.ts'
import { insistOn } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { plainAddress } from '../foundation/email-address.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import type { Upload } from '../foundation/web/upload.ts'
import { stillThere } from '../sessions/still.ts'
import { selectFieldworkerRole } from '../people/manage/queries.ts'
import { judgeRows } from './judge.ts'
import { insertImport, selectAllTeams, selectTaken } from './queries.ts'
import { readFile } from './read-file.ts'

export const mostBytes = 5 * 1024 * 1024

/** The dry run: what stands in a file is judged and kept, and nobody is made yet. Gives the import's id. */
export async function checkFile(db: Db, by: By<Actor>, upload: Upload | undefined): Promise<Outcome<string>> {
  if (!upload || (upload.bytes.length === 0 && !upload.name)) return refused({ file: 'Choose a file first.' })
  if (upload.tooLarge) return refused({ file: 'The file is larger than 5 MB. Split it.' })
  return inTurn(() => judgeAndKeep(db, by, upload))
}

async function judgeAndKeep(db: Db, by: By<Actor>, upload: Upload): Promise<Outcome<string>> {
  const read = await readFile(upload.bytes)
  if (!read.ok) return read
  const emails = read.value.rows.map(({ cells }) => plainAddress(cells?.email ?? '').replaceAll('\0', ''))
  const rows = await judgeRows(read.value.rows, {
    actor: by.actor,
    role: await selectFieldworkerRole(db),
    teams: await selectAllTeams(db),
    taken: await selectTaken(db, emails),
  })
  const id = await db.transaction(async (tx) => {
    const { actor } = await stillThere(tx, by)
    insistOn(actor, 'users.manage')
    const file = { startedBy: actor.id, fileName: fileName(upload.name), understood: read.value.understood }
    return insertImport(tx, file, rows)
  })
  return done(id)
}

let lastTurn: Promise<unknown> = Promise.resolve()

/** One file after the other: what each is expanded to is in memory only once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastTurn.then(work)
  lastTurn = turn.catch(() => {})
  return turn
}

/** What a browser calls the file, without the folders and characters it has no business with. */
const fileName = (sent: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are just what is taken out
  (sent.split(/[\\/]/).at(-1) ?? '').replace(/[\x00-\x1f\x7f]/g, '').slice(0, 200) || 'a file'
