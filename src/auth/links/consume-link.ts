import type { Tx } from '../../platform/db.ts'
import { updateLinkUsed, type LinkRow } from './queries.ts'
import type { Purpose } from '../../company/link-lifetimes.ts'

/** Uses a link up; nothing when it is dead by now, or somebody else was quicker. Never called by a GET. */
export function consumeLink(tx: Tx, linkId: string, purpose: Purpose): Promise<LinkRow | undefined> {
  return updateLinkUsed(tx, linkId, purpose)
}
