import type { RequestContext, Person, Target } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmails } from '../../platform/email/queue.ts'
import { issueLinks } from '../links/issue-link.ts'
import { invitationEmail } from './emails.ts'

const batchSize = 1_000

/**
 * Emails people the link with which they choose their first password, in the transaction that created or changed
 * them. Their earlier invitations become invalid. Needs a few statements for each thousand people.
 */
export async function invite(tx: Tx, by: RequestContext<Target | null>, people: Person[]): Promise<void> {
  for (let from = 0; from < people.length; from += batchSize)
    await inviteBatch(tx, by, people.slice(from, from + batchSize))
}

async function inviteBatch(tx: Tx, by: RequestContext<Target | null>, people: Person[]): Promise<void> {
  const ids = people.map(({ id }) => id)
  const links = new Map((await issueLinks(tx, 'invite', ids)).map(({ id, user_id }) => [user_id, id]))
  await enqueueEmails(
    tx,
    people.map((person) => invitationEmail(person, by, links.get(person.id) ?? '')),
  )
}
