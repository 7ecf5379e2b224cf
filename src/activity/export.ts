import type { ServerResponse } from 'node:http'
import { Transform, type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Actor, RequestContext } from '../access/actor.ts'
import { copyToCsv } from '../platform/copy-to-csv.ts'
import { CrlfTransform } from '../platform/csv.ts'
import type { Db } from '../platform/db.ts'
import { log } from '../platform/log.ts'
import { selectHead, type Head } from './chain/queries.ts'
import { exportQuery } from './entries/queries.ts'
import { record } from './record.ts'
import type { ResolvedFilter } from './filter.ts'

export interface Export {
  /** CSV as in RFC 4180: UTF-8, header first, rows end with CR LF. It errors when the query breaks off. */
  csv: Readable
  /** The end of the log when the export started; newer entries are not in it. */
  head: Head
  /** The number of rows so far, without the header. */
  rows: () => number
}

/** Streams every entry that a filter finds. Each person can run one export at a time. */
export async function openExport(db: Db, actor: Actor, search: ResolvedFilter): Promise<Export> {
  const head = (await selectHead(db)) ?? { seq: '0', hash: null }
  const rows = await copyToCsv(db, exportQuery(search, head), `export of the activity log by ${actor.id}`)
  const ends = new CrlfTransform()
  const csv = rows.pipe(ends)
  rows.on('error', (error) => ends.destroy(error))
  ends.on('error', () => {}) // the reader of the CSV handles it, even if it fails before anyone reads
  ends.on('close', () => rows.destroy())
  return { csv, head, rows: () => Math.max(0, ends.rows - 1) }
}

export interface SentExport {
  event: 'activity_exported' | 'list_exported'
  details: object
  /** The number of rows so far, without the header. */
  rows: () => number
  write: (out: Writable) => Promise<unknown>
}

/**
 * Sends an export in the format of `write`. It is recorded before its last byte is sent, so a download that looks
 * complete is in the log. One that breaks off ends in an error for the reader, and is recorded as incomplete with the
 * rows sent so far.
 */
export async function sendExport(
  db: Db,
  by: RequestContext<Actor>,
  out: ServerResponse,
  { event, details, rows, write }: SentExport,
): Promise<void> {
  let complete = false
  const recordExport = () =>
    db.transaction(async (tx) => {
      record(tx, by, { event, details: { ...details, rows: rows(), complete } })
    })
  const recorded = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush(end) {
      complete = true
      recordExport().then(() => end(), end)
    },
  })
  const sent = Promise.all([pipeline(recorded, out), write(recorded)]).catch(async (error: Error) => {
    log.warn({ err: error, reference: by.requestId, rows: rows() }, 'an export broke off')
    if (!complete) await recordExport()
  })
  await db.trackUntilClose(sent)
}
