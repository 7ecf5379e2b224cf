import type { Db, Queryable } from '../../platform/db.ts'
import { linkLifetimes } from '../../company/link-lifetimes.ts'
import { selectOptionalLink, updateLinkActivated } from './queries.ts'
import { hashOf, pathOf, tokenOf } from './token.ts'

/** The address for an email that is about to be sent. The link’s lifetime begins now. */
export async function activateLink(db: Queryable, key: Buffer, linkId: string): Promise<string> {
  const link = await selectOptionalLink(db, linkId)
  if (!link) throw new Error('The link of this email no longer exists')
  const token = tokenOf(key, link)
  await updateLinkActivated(db, link.id, hashOf(token), linkLifetimes[link.purpose])
  return pathOf(link.purpose, token)
}

/** The same address for the dev outbox. It does not start the lifetime. */
export async function previewLink(db: Db, key: Buffer, linkId: string): Promise<string> {
  const link = await selectOptionalLink(db, linkId)
  return link ? pathOf(link.purpose, tokenOf(key, link)) : '/'
}
