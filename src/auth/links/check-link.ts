import type { Queryable } from '../../platform/db.ts'
import { selectOptionalState, selectOptionalStateByToken, type LinkState } from './queries.ts'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { hashOf } from './token.ts'

/** A link that was looked at: alive, or dead for a reason that its holder is told. Looking spends nothing. */
export type LinkCheck =
  { valid: true; link: LinkState } | { valid: false; link: LinkState | undefined; why: InvalidReason }
export type InvalidReason =
  | 'unknown'
  | 'used'
  | 'accepted'
  | 'replaced'
  | 'expired'
  | 'not active'
  | 'address changed'
  | 'account changed'

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
  if (link?.alive) return { valid: true, link }
  return { valid: false, link, why: link ? invalidReason(link) : 'unknown' }
}

function invalidReason(link: LinkState): InvalidReason {
  if (link.used_at) return 'used'
  if (!link.fits_status) return link.user_status === 'active' ? 'accepted' : 'not active'
  if (link.email_moved && link.purpose !== 'not_me') return 'address changed'
  if (link.superseded_at) return 'replaced'
  return link.expired ? 'expired' : 'account changed'
}
