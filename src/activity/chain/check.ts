import { systemContext } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { reasonText } from '../../platform/reason.ts'
import { detailsOfReason } from '../describe-reason.ts'
import { chainFaultTexts, type ChainFault } from '../reason-texts.ts'
import {
  insertCheck,
  selectFirstLink,
  selectHashOf,
  selectLinks,
  selectLostEnd,
  selectRemovalBefore,
  type BrokenLink,
  type Checked,
  type Head,
} from './queries.ts'
import { record } from '../record.ts'

export interface ChainCheck {
  /** The number of unaltered entries before the first fault. */
  entries: number
  head: Head
  /** The first fault; null if the chain is whole. */
  fault: ChainFault | null
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
async function faultOfStart(db: Db, before: Head): Promise<ChainFault | null> {
  if (before.seq === '0') return before.hash === genesis ? null : { code: 'start_replaced' }
  return (await selectRemovalBefore(db, before)) ? null : { code: 'start_missing', entry: before.seq }
}

/** SHA-256 of "fieldkey": the previous hash of the first entry. */
const genesis = '11a792b42cc133e99cd7403076e46cbb0b6bb78767bf622188fff7fa8b749287'

function faultAt({ seq, id, at, event, expected: missing, whole }: BrokenLink): ChainFault {
  const entry = { entry: seq, event, at: at.toISOString(), id }
  if (!whole) return { code: 'changed', ...entry }
  if (seq === missing) return { code: 'replaced', ...entry }
  const last = String(BigInt(seq) - 1n)
  return missing === last
    ? { code: 'one_missing', missing, ...entry }
    : { code: 'several_missing', missing, missing_to: last, ...entry }
}

/** An earlier end of the log must still be there. */
async function faultOfEnd(
  db: Db,
  known: Head | undefined,
  first: string,
  { seq: last }: Head,
): Promise<ChainFault | null> {
  const end = known ?? (await selectLostEnd(db, first))
  if (!end) return null
  const entry = end.seq
  const hash = await selectHashOf(db, entry)
  if (hash === end.hash) return null
  if (BigInt(entry) < BigInt(first)) return { code: 'end_removed', entry, first }
  return hash === undefined ? { code: 'end_missing', entry, last } : { code: 'end_replaced', entry }
}

/** What is wrong with the chain, in a sentence for pages, the command and the server's own log. */
export const chainFaultText = (fault: ChainFault): string => `${reasonText(chainFaultTexts, fault)}.`

/** A stored check for a page. */
export const toCheckView = (check: Checked | undefined) =>
  check && { ...check, fault: check.fault && chainFaultText(check.fault) }
export type CheckView = NonNullable<ReturnType<typeof toCheckView>>

/**
 * The nightly job. It stores the result and the end of the log as a log entry, as a row, and as a line of the
 * process's own log, which is kept elsewhere. (AU-9, ASVS 16.4.2)
 */
export async function recordCheck(db: Db): Promise<void> {
  const { entries, head, fault } = await checkChain(db)
  await db.transaction(async (tx) => {
    await insertCheck(tx, { entries, head, fault })
    const found = fault ? detailsOfReason('automation_run', fault) : { fault }
    const details = {
      automation: 'activity_check',
      entries,
      head_seq: head.seq,
      head_hash: head.hash,
      ...found,
    }
    record(tx, systemContext, { event: 'automation_run', details })
  })
  const line = { entries, head: head.seq, hash: head.hash, fault: fault && chainFaultText(fault) }
  if (fault) log.error(line, 'the activity log is broken')
  else log.info(line, 'the activity log is whole')
}
