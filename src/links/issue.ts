import { randomBytes } from 'node:crypto'
import type { Tx } from '../foundation/db.ts'
import {
  insertLink,
  insertLinks,
  updateLaterObjectionsSuperseded,
  updateLinksSuperseded,
  type LinkOf,
} from './queries.ts'
import type { Purpose } from './token.ts'

const minute = 60
const hour = 60 * minute

/**
 * Seconds that a link lives from the delivery of its letter. NIST SP 800-63B-4 §4.2.1.2 allows one that recovers an account
 * 24 hours at most; one that objects or invites opens nothing that is in use.
 */
export const lifetimes: Record<Purpose, number> = {
  reset: 60 * minute,
  verify: 24 * hour,
  email_change: 60 * minute,
  not_me: 7 * 24 * hour,
  invite: 7 * 24 * hour,
}

interface Issue {
  purpose: Purpose
  userId: string
  newEmail?: string
  /** Where pressing its button leads: an address of ours, or `reset` for straight on to choosing a password. */
  leadsTo?: string
}

/** Makes a link for a letter to carry, and switches off the older ones of its purpose. Gives its id. */
export async function issueLink(tx: Tx, { purpose, userId, newEmail, leadsTo }: Issue): Promise<string> {
  await updateLinksSuperseded(tx, [userId], [purpose])
  const nonce = randomBytes(32)
  return insertLink(tx, {
    purpose,
    userId,
    nonce,
    newEmail: newEmail ?? null,
    leadsTo: leadsTo ?? null,
    seconds: null,
  })
}

/** The same for many people at once, in as many statements as for one. */
export async function issueLinks(tx: Tx, purpose: Purpose, userIds: string[]): Promise<LinkOf[]> {
  await updateLinksSuperseded(tx, userIds, [purpose])
  const nonces = userIds.map(() => randomBytes(32))
  return insertLinks(tx, purpose, userIds, nonces)
}

/** A reset that needs no letter, because its owner just proved the address: good at once, in their session alone. */
export async function issueLandedReset(tx: Tx, userId: string): Promise<string> {
  await updateLinksSuperseded(tx, [userId], ['reset'])
  const seconds = lifetimes.reset
  return insertLink(tx, {
    purpose: 'reset',
    userId,
    nonce: randomBytes(32),
    newEmail: null,
    leadsTo: null,
    seconds,
  })
}

/** An objection takes back what came after it, later objections included. */
export async function withdrawLaterObjections(tx: Tx, userId: string, linkId: string): Promise<void> {
  await updateLaterObjectionsSuperseded(tx, userId, linkId)
}

export async function withdrawLinks(tx: Tx, userId: string, purposes: Purpose[]): Promise<void> {
  await updateLinksSuperseded(tx, [userId], purposes)
}
