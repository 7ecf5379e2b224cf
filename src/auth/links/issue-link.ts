import { randomBytes, randomUUID } from 'node:crypto'
import { linkLifetimes, type Purpose } from '../../company/link-lifetimes.ts'
import type { Tx } from '../../platform/db.ts'
import {
  insertActiveLinks,
  insertLink,
  insertLinks,
  selectOptionalLink,
  selectOptionalRecentLink,
  updateAllLinksSuperseded,
  updateLaterDisputesSuperseded,
  updateLinksReactivated,
  updateLeadsTo,
  updateLinksSuperseded,
  type LinkOf,
} from './queries.ts'
import { hashOf, pathOf, passwordPurposes, tokenOf } from './token.ts'

/** A QR code is never repeated: an email with its link would make it valid for longer. */
const renewable = (purpose: Purpose): readonly Purpose[] =>
  supersedes(purpose).filter((each) => each !== 'sign_in_code')

/** A newer code does not take away that its reader can dispute an earlier one. */
function supersedes(purpose: Purpose): readonly Purpose[] {
  if (purpose === 'not_my_call') return []
  return passwordPurposes.includes(purpose) ? passwordPurposes : [purpose]
}

interface Issue {
  purpose: Purpose
  userId: string
  newEmail?: string
  /** Where its button leads: a path of the app, or `reset` to go straight on to choosing a password. */
  leadsTo?: string
}

/** Creates a link for an email and invalidates the older ones of its purpose. Returns its id. */
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

/** Seconds after a link was created in which another request sends the same link again. */
const renewalSeconds = 5 * 60

/**
 * A link for an email that anyone may ask for. Within a few minutes it is the same link, unless something has
 * invalidated that, so that repeated requests do not invalidate each other’s links. Its lifetime begins again when
 * the email is sent. `reused` says whether it is the same link.
 */
export async function renewLink(tx: Tx, issue: Issue): Promise<{ linkId: string; reused: boolean }> {
  const recent = await selectOptionalRecentLink(tx, issue.userId, renewable(issue.purpose), renewalSeconds)
  if (!recent) return { linkId: await issueLink(tx, issue), reused: false }
  await updateLeadsTo(tx, recent.id, issue.leadsTo ?? null)
  return { linkId: recent.id, reused: true }
}

/** Creates links for many people in as many statements as for one. */
export async function issueLinks(tx: Tx, purpose: Purpose, userIds: string[]): Promise<LinkOf[]> {
  await updateLinksSuperseded(tx, userIds, supersedes(purpose))
  const nonces = userIds.map(() => randomBytes(32))
  return insertLinks(tx, purpose, userIds, nonces)
}

/** A link to create for one email of a campaign. */
interface LinkOrder {
  userId: string
  purpose: Purpose
  leadsTo: string | null
}

/**
 * Creates links for campaign emails that are sent right away, so their lifetime begins now. Returns for each user
 * the id of the link and the address for the email.
 */
export async function issueLinksNow(tx: Tx, key: Buffer, campaignId: string, orders: LinkOrder[]) {
  for (const purpose of new Set(orders.map((order) => order.purpose))) {
    const userIds = orders.filter((order) => order.purpose === purpose).map(({ userId }) => userId)
    await updateLinksSuperseded(tx, userIds, supersedes(purpose))
  }
  const links = orders.map((order) => {
    const link = { ...order, id: randomUUID(), nonce: randomBytes(32) }
    const token = tokenOf(key, link)
    return { ...link, tokenHash: hashOf(token), path: pathOf(link.purpose, token) }
  })
  await insertActiveLinks(tx, campaignId, linkLifetimes, links)
  return new Map(links.map(({ userId, id, path }) => [userId, { id, path }]))
}

/** Restarts the lifetime of links whose emails are sent again. Returns the addresses, by id, of those still valid. */
export async function reactivateLinks(tx: Tx, key: Buffer, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const links = await updateLinksReactivated(tx, ids, linkLifetimes)
  return new Map(links.map((link) => [link.id, pathOf(link.purpose, tokenOf(key, link))]))
}

/**
 * Creates a reset link without an email, because its owner has just verified the address. It is valid at once and
 * used in their session only.
 */
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

/**
 * Creates a reset link that is shown as a QR code, and ends the older ones. It is valid at once. Returns its address, which is
 * stored nowhere, and when it expires.
 */
export async function issueShownLink(
  tx: Tx,
  key: Buffer,
  userId: string,
): Promise<{ path: string; expiresAt: Date }> {
  const purpose = 'sign_in_code'
  await updateLinksSuperseded(tx, [userId], supersedes(purpose))
  const link = { id: randomUUID(), nonce: randomBytes(32), purpose, userId, leadsTo: null } as const
  const token = tokenOf(key, link)
  await insertActiveLinks(tx, null, linkLifetimes, [{ ...link, tokenHash: hashOf(token) }])
  const stored = await selectOptionalLink(tx, link.id)
  if (!stored?.expires_at) throw new Error('The link of a QR code has no lifetime')
  return { path: pathOf(purpose, token), expiresAt: stored.expires_at }
}

/** A dispute also invalidates the disputes of later changes. */
export async function invalidateLaterDisputes(tx: Tx, userId: string, linkId: string): Promise<void> {
  await updateLaterDisputesSuperseded(tx, userId, linkId)
}

/** Invalidates every link of a user, of any purpose and to any address. */
export async function invalidateAllLinks(tx: Tx, userId: string): Promise<void> {
  await updateAllLinksSuperseded(tx, userId)
}

export async function invalidateLinks(tx: Tx, userId: string, purposes: Purpose[]): Promise<void> {
  await updateLinksSuperseded(tx, [userId], purposes)
}
