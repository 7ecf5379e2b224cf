import type { Queryable, Tx } from '../../platform/db.ts'
import {
  selectOptionalState,
  selectOptionalStateByToken,
  updateLinkUsed,
  type LinkRow,
  type LinkState,
} from './queries.ts'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { hashOf } from './token.ts'

/** The state of a link: valid, or invalid with a reason that its page shows. Checking does not consume it. */
export type LinkCheck =
  { valid: true; link: LinkState } | { valid: false; link: LinkState | undefined; reason: InvalidReason }
export type InvalidReason =
  | 'unknown'
  | 'used'
  | 'accepted'
  | 'replaced'
  | 'expired'
  | 'not_active'
  | 'address_changed'
  | 'account_changed'

export async function checkToken(
  db: Queryable,
  token: string,
  purposes: readonly Purpose[],
): Promise<LinkCheck> {
  const link = await selectOptionalStateByToken(db, hashOf(token))
  return toLinkCheck(link && purposes.includes(link.purpose) ? link : undefined)
}

export async function checkLink(db: Queryable, linkId: string): Promise<LinkCheck> {
  return toLinkCheck(await selectOptionalState(db, linkId))
}

function toLinkCheck(link: LinkState | undefined): LinkCheck {
  if (link?.valid) return { valid: true, link }
  return { valid: false, link, reason: link ? invalidReason(link) : 'unknown' }
}

/** Links about something that was done: they stay valid when the account changes. */
const outlivesChanges: readonly Purpose[] = ['not_me', 'not_my_call']

function invalidReason(link: LinkState): InvalidReason {
  if (link.used_at) return 'used'
  if (!link.fits_status) return link.user_status === 'active' ? 'accepted' : 'not_active'
  if (link.email_changed && !outlivesChanges.includes(link.purpose)) return 'address_changed'
  if (link.superseded_at) return 'replaced'
  return link.expired ? 'expired' : 'account_changed'
}

/** Consumes a link. Returns nothing if it is invalid by now or another request was first. Never call it on GET. */
export function consumeLink(tx: Tx, linkId: string, purpose: Purpose): Promise<LinkRow | undefined> {
  return updateLinkUsed(tx, linkId, purpose)
}
