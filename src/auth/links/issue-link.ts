import { randomBytes, randomUUID } from 'node:crypto'
import { linkLifetimes, type Purpose } from '../../company/link-lifetimes.ts'
import type { Tx } from '../../platform/db.ts'
import {
  insertActiveLinks,
  insertLink,
  insertLinks,
  selectOptionalRecentLink,
  updateAllLinksSuperseded,
  updateLaterDisputesSuperseded,
  updateLinksReactivated,
  updateLeadsTo,
  updateLinksSuperseded,
  type LinkOf,
} from './queries.ts'
import { hashOf, pathOf, passwordPurposes, tokenOf } from './token.ts'

const supersedes = (purpose: Purpose): readonly Purpose[] =>
  passwordPurposes.includes(purpose) ? passwordPurposes : [purpose]

interface Issue {
  purpose: Purpose
  userId: string
  newEmail?: string
  /** Where pressing its button leads: an address of ours, or `reset` for straight on to choosing a password. */
  leadsTo?: string
}

/** Makes a link for a letter to carry, and switches off the older ones of its purpose. Gives its id. */
export async function issueLink(tx: Tx, { purpose, userId, newEmail, leadsTo }: Issue): Promise<string> {
  await updateLinksSuperseded(tx, [userId], supersedes(purpose))
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

/** So long after a link was made, asking for another sends the same one again. */
const renewalSeconds = 5 * 60

/**
 * A link for an email that anybody asks for, the office, its owner or a stranger: the one of a few minutes ago, whoever
 * asked for that, if nothing has ended it, so that asking again and again switches no link off. Its time begins again when the email leaves. `again`: whether it is the same.
 */
export async function renewLink(tx: Tx, issue: Issue): Promise<{ linkId: string; again: boolean }> {
  const recent = await selectOptionalRecentLink(tx, issue.userId, supersedes(issue.purpose), renewalSeconds)
  if (!recent) return { linkId: await issueLink(tx, issue), again: false }
  await updateLeadsTo(tx, recent.id, issue.leadsTo ?? null)
  return { linkId: recent.id, again: true }
}

/** The same for many people at once, in as many statements as for one. */
export async function issueLinks(tx: Tx, purpose: Purpose, userIds: string[]): Promise<LinkOf[]> {
  await updateLinksSuperseded(tx, userIds, supersedes(purpose))
  const nonces = userIds.map(() => randomBytes(32))
  return insertLinks(tx, purpose, userIds, nonces)
}

/** One letter of many that leave at once. */
interface Order {
  userId: string
  purpose: Purpose
  leadsTo: string | null
}

/**
 * Makes links for letters of a campaign that leave this very moment, so their time begins now. Gives for each user the
 * id of the link and the address for the letter.
 */
export async function issueLinksNow(tx: Tx, key: Buffer, campaignId: string, orders: Order[]) {
  for (const purpose of new Set(orders.map((order) => order.purpose))) {
    const theirs = orders.filter((order) => order.purpose === purpose).map(({ userId }) => userId)
    await updateLinksSuperseded(tx, theirs, supersedes(purpose))
  }
  const links = orders.map((order) => {
    const link = { ...order, id: randomUUID(), nonce: randomBytes(32) }
    const token = tokenOf(key, link)
    return { ...link, tokenHash: hashOf(token), path: pathOf(link.purpose, token) }
  })
  await insertActiveLinks(tx, campaignId, linkLifetimes, links)
  return new Map(links.map(({ userId, id, path }) => [userId, { id, path }]))
}

/** Starts the time of links anew, for letters tried again: by id, the addresses of those that are not dead meanwhile. */
export async function reactivateLinks(tx: Tx, key: Buffer, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const links = await updateLinksReactivated(tx, ids, linkLifetimes)
  return new Map(links.map((link) => [link.id, pathOf(link.purpose, tokenOf(key, link))]))
}

/** A reset that needs no letter, because its owner just proved the address: good at once, in their session alone. */
export async function issueSessionReset(tx: Tx, userId: string): Promise<string> {
  await updateLinksSuperseded(tx, [userId], passwordPurposes)
  const seconds = linkLifetimes.reset
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
export async function invalidateLaterDisputes(tx: Tx, userId: string, linkId: string): Promise<void> {
  await updateLaterDisputesSuperseded(tx, userId, linkId)
}

/** Every link of somebody, whatever for and to whichever address it was mailed. */
export async function invalidateAllLinks(tx: Tx, userId: string): Promise<void> {
  await updateAllLinksSuperseded(tx, userId)
}

export async function invalidateLinks(tx: Tx, userId: string, purposes: Purpose[]): Promise<void> {
  await updateLinksSuperseded(tx, [userId], purposes)
}
