import type { Db, Queryable } from '../../platform/db.ts'
import { linkLifetimes } from '../../company/link-lifetimes.ts'
import { selectOptionalLink, updateLinkActivated } from './queries.ts'
import { hashOf, pathOf, tokenOf } from './token.ts'

/** The address for a letter that is about to leave: its time begins now. */
export async function activateLink(db: Queryable, key: Buffer, linkId: string): Promise<string> {
  const link = await selectOptionalLink(db, linkId)
  if (!link) throw new Error('The link of this letter is gone')
  const token = tokenOf(key, link)
  await updateLinkActivated(db, link.id, hashOf(token), linkLifetimes[link.purpose])
  return pathOf(link.purpose, token)
}

/** The same address for whoever looks at the dev outbox: looking starts no clock. */
export async function previewLink(db: Db, key: Buffer, linkId: string): Promise<string> {
  const link = await selectOptionalLink(db, linkId)
  return link ? pathOf(link.purpose, tokenOf(key, link)) : '/'
}
