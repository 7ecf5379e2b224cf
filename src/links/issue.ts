import { randomBytes } from 'node:crypto'
import type { Tx } from '../foundation/db.ts'
import { insertLink, updateLaterObjectionsSuperseded, updateLinksSuperseded } from './queries.ts'
import type { Purpose } from './token.ts'

const minute = 60
const hour = 60 * minute

/** Seconds that a link lives from the delivery of its letter (NIST SP 800-63B-4 §4.2.1.2 allows 24 hours at most). */
export const lifetimes: Record<Purpose, number> = {
  reset: 60 * minute,
  verify: 24 * hour,
  email_change: 60 * minute,
  not_me: 7 * 24 * hour,
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
  await updateLinksSuperseded(tx, userId, [purpose])
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

/** A reset that needs no letter, because its owner just proved the address: good at once, in their session alone. */
export async function issueLandedReset(tx: Tx, userId: string): Promise<string> {
  await updateLinksSuperseded(tx, userId, ['reset'])
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
  await updateLinksSuperseded(tx, userId, purposes)
}
