import type { RequestContext, Person, Target } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmails } from '../../platform/email/queue.ts'
import { issueLinks } from '../links/issue-link.ts'
import { invitationEmail } from './emails.ts'

const atOnce = 1_000

/**
 * Mails people the link with which they choose their first password, as part of the deed that made or changed them;
 * earlier invitations of theirs die. Twenty thousand are invited in a few statements for each thousand.
 */
export async function invite(tx: Tx, by: RequestContext<Target | null>, people: Person[]): Promise<void> {
  for (let from = 0; from < people.length; from += atOnce)
    await inviteSome(tx, by, people.slice(from, from + atOnce))
}

async function inviteSome(tx: Tx, by: RequestContext<Target | null>, people: Person[]): Promise<void> {
  const ids = people.map(({ id }) => id)
  const links = new Map((await issueLinks(tx, 'invite', ids)).map(({ id, user_id }) => [user_id, id]))
  await enqueueEmails(
    tx,
    people.map((person) => invitationEmail(person, by, links.get(person.id) ?? '')),
  )
}
