import { systemContext } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import {
  insertCheck,
  selectFirstLink,
  selectHashOf,
  selectLinks,
  selectLostEnd,
  selectRemovalBefore,
  type BrokenLink,
  type Head,
} from './queries.ts'
import { record } from '../record.ts'

export interface ChainCheck {
  /** The number of unaltered entries before the first fault. */
  entries: number
  head: Head
  /** A description of the first fault; null if the chain is whole. */
  fault: string | null
}

const batchSize = 20_000
const emptyHead: Head = { seq: '0', hash: null }

/**
 * Walks the chain from the first entry to the last, and stops at the first altered one. `known` is an earlier end of
 * the log, from a line of the process's own log. Without it the ends of all earlier checks are compared, so that a
 * truncated log is detected too.
 */
export async function checkChain(db: Db, known?: Head): Promise<ChainCheck> {
  const start = await selectFirstLink(db)
  let head = start ? { seq: String(BigInt(start.seq) - 1n), hash: start.prev_hash } : emptyHead
  let entries = 0
  const startFault = start && (await faultOfStart(db, head))
  if (startFault) return { entries, head, fault: startFault }
  for (;;) {
    const links = await selectLinks(db, head, batchSize)
    entries += links.good
    if (links.broken) return { entries, head, fault: faultAt(links.broken) }
    if (!links.last) break
    head = links.last
  }
  return { entries, head, fault: await faultOfEnd(db, known, start?.seq ?? '0', head) }
}

/** The log starts with entry 1, or after months that were removed, if an entry records their removal. */
async function faultOfStart(db: Db, before: Head): Promise<string | null> {
  if (before.seq === '0')
    return before.hash === genesis
      ? null
      : 'Entry 1 does not begin the chain: it was replaced by another one.'
  if (await selectRemovalBefore(db, before)) return null
  return `Entries up to ${before.seq} are missing, and no entry records their removal.`
}

/** SHA-256 of "fieldkey": the previous hash of the first entry. */
const genesis = '11a792b42cc133e99cd7403076e46cbb0b6bb78767bf622188fff7fa8b749287'

function faultAt({ seq, id, at, event, expected, whole }: BrokenLink): string {
  const name = `Entry ${seq} (${event}, ${at.toISOString()}, id ${id})`
  if (!whole) return `${name} is not as it was written: it was changed, moved or made up.`
  if (seq === expected) return `${name} does not follow the entry before it: one of the two was replaced.`
  const last = BigInt(seq) - 1n
  const missing = expected === String(last) ? `Entry ${expected} is` : `Entries ${expected} to ${last} are`
  return `${missing} missing: the next one is ${name[0]?.toLowerCase()}${name.slice(1)}.`
}

/** An earlier end of the log must still be there. */
async function faultOfEnd(
  db: Db,
  known: Head | undefined,
  first: string,
  head: Head,
): Promise<string | null> {
  const end = known ?? (await selectLostEnd(db, first))
  if (!end) return null
  const hash = await selectHashOf(db, end.seq)
  if (hash === end.hash) return null
  if (BigInt(end.seq) < BigInt(first))
    return `Entry ${end.seq} is no longer there: all before ${first} was removed.`
  if (hash === undefined)
    return `The log once reached to entry ${end.seq} and now ends at ${head.seq}: its end was cut off.`
  return `Entry ${end.seq} is another one than at an earlier check: the log was cut off and rewritten.`
}

/**
 * The nightly job. It stores the result and the end of the log as a log entry, as a row, and as a line of the
 * process's own log, which is kept elsewhere. (AU-9, ASVS 16.4.2)
 */
export async function recordCheck(db: Db): Promise<void> {
  const { entries, head, fault } = await checkChain(db)
  await db.transaction(async (tx) => {
    await insertCheck(tx, { entries, head, fault })
    const details = { automation: 'activity_check', entries, head_seq: head.seq, head_hash: head.hash, fault }
    record(tx, systemContext, { event: 'automation_run', details })
  })
  const line = { entries, head: head.seq, hash: head.hash, fault }
  if (fault) log.error(line, 'the activity log is broken')
  else log.info(line, 'the activity log is whole')
}
