import type { By, Person, Target } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { postMany } from '../foundation/mail/post.ts'
import { issueLinks } from '../links/issue.ts'
import { invitationLetter } from './letters.ts'

const atOnce = 1_000

/**
 * Mails people the link with which they choose their first password, as part of the deed that made or changed them;
 * earlier invitations of theirs die. Twenty thousand are invited in a few statements for each thousand.
 */
export async function invite(tx: Tx, by: By<Target | null>, people: Person[]): Promise<void> {
  for (let from = 0; from < people.length; from += atOnce)
    await inviteSome(tx, by, people.slice(from, from + atOnce))
}

async function inviteSome(tx: Tx, by: By<Target | null>, people: Person[]): Promise<void> {
  const ids = people.map(({ id }) => id)
  const links = new Map((await issueLinks(tx, 'invite', ids)).map(({ id, user_id }) => [user_id, id]))
  await postMany(
    tx,
    people.map((person) => invitationLetter(person, by, links.get(person.id) ?? '')),
  )
}
