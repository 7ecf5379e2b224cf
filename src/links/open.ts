import type { Queryable } from '../foundation/db.ts'
import { selectOptionalState, selectOptionalStateByToken, type LinkState } from './queries.ts'
import { hashOf, type Purpose } from './token.ts'

/** A link that was looked at: alive, or dead for a reason that its holder is told. Looking spends nothing. */
export type Looked =
  { alive: true; link: LinkState } | { alive: false; link: LinkState | undefined; why: Why }
export type Why =
  | 'unknown'
  | 'used'
  | 'accepted'
  | 'replaced'
  | 'expired'
  | 'not active'
  | 'address changed'
  | 'account changed'

export async function lookAtToken(
  db: Queryable,
  token: string,
  purposes: readonly Purpose[],
): Promise<Looked> {
  const link = await selectOptionalStateByToken(db, hashOf(token))
  return judge(link && purposes.includes(link.purpose) ? link : undefined)
}

export async function lookAtLink(db: Queryable, linkId: string): Promise<Looked> {
  return judge(await selectOptionalState(db, linkId))
}

function judge(link: LinkState | undefined): Looked {
  if (link?.alive) return { alive: true, link }
  return { alive: false, link, why: link ? causeOfDeath(link) : 'unknown' }
}

function causeOfDeath(link: LinkState): Why {
  if (link.used_at) return 'used'
  if (!link.fits_status) return link.user_status === 'active' ? 'accepted' : 'not active'
  if (link.email_moved && link.purpose !== 'not_me') return 'address changed'
  if (link.superseded_at) return 'replaced'
  return link.expired ? 'expired' : 'account changed'
}
