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
  /** CSV as RFC 4180 has it: UTF-8, the header first, rows ended by CR LF. Errors when the query breaks off. */
  csv: Readable
  /** Where the log ended when the export began: nothing younger is in it. */
  head: Head
  /** Rows that have passed so far, the header not counted. */
  rows: () => number
}

/** Every entry that a search finds, as a stream. Of one person's exports one runs at a time. */
export async function openExport(db: Db, actor: Actor, search: ResolvedFilter): Promise<Export> {
  const head = (await selectHead(db)) ?? { seq: '0', hash: null }
  const rows = await copyToCsv(db, exportQuery(search, head), `export of the activity log by ${actor.id}`)
  const ends = new CrlfTransform()
  const csv = rows.pipe(ends)
  rows.on('error', (error) => ends.destroy(error))
  ends.on('error', () => {}) // told to whoever reads it, even when it breaks before anybody does
  ends.on('close', () => rows.destroy())
  return { csv, head, rows: () => Math.max(0, ends.rows - 1) }
}

/**
 * Sends an export as `write` forms it, and records it before its last byte leaves: a download that looks whole is one
 * that stands in the log. One that breaks off ends in an error for whoever reads it, and is recorded as broken off,
 * with the rows that had left.
 */
export async function sendExport(
  db: Db,
  by: RequestContext<Actor>,
  out: ServerResponse,
  { facts, rows, write }: { facts: object; rows: () => number; write: (out: Writable) => Promise<unknown> },
): Promise<void> {
  let complete = false
  const note = () =>
    db.transaction(async (tx) => {
      record(tx, by, { event: 'activity_exported', details: { ...facts, rows: rows(), complete } })
    })
  const recorded = new Transform({
    transform: (chunk, _encoding, passOn) => passOn(null, chunk),
    flush(end) {
      complete = true
      note().then(() => end(), end)
    },
  })
  const sent = Promise.all([pipeline(recorded, out), write(recorded)]).catch(async (error: Error) => {
    log.warn({ err: error, reference: by.requestId, rows: rows() }, 'an export broke off')
    if (!complete) await note()
  })
  await db.trackUntilClose(sent)
}
