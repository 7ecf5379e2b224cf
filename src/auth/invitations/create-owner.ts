import { systemContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmails } from '../../platform/email/queue.ts'
import { activateLink } from '../links/activate-link.ts'
import { issueLink } from '../links/issue-link.ts'
import { selectOptionalUserByEmail, type UserRow } from '../../people/queries.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { lockUsers } from '../sessions/lock-users.ts'
import { ownerEmail } from './emails.ts'
import { insertOwner, selectActiveOwners, updateToOwner } from './queries.ts'

const from = 'console'

export interface OwnerCreated {
  name: string
  isNew: boolean
  purpose: 'invite' | 'reset'
  /** The path on which the password is chosen, once. */
  path: string
}

/**
 * Creates an Owner from the console, for the first account of a company or to recover access. An existing account
 * becomes an active Owner, and its sessions end, so that nobody using one becomes an Owner. The link is valid at
 * once and is returned to the caller. The other Owners are emailed. Everything is saved, or nothing.
 */
export function createOwner(db: Db, linkKey: Buffer, email: string, name: string): Promise<OwnerCreated> {
  return db.transaction(async (tx) => {
    const others = await selectActiveOwners(tx)
    const newId = await insertOwner(tx, name, email)
    const user = await lockAccount(tx, email)
    if (newId === undefined) await promote(tx, user)
    else record(tx, systemContext, { event: 'user_created', subject: user, details: { role: 'Owner', from } })
    const purpose = user.status === 'invited' ? 'invite' : 'reset'
    const path = await activateLink(tx, linkKey, await issueLink(tx, { purpose, userId: user.id }))
    const recipients = [...others.filter(({ id }) => id !== user.id), ...(newId === undefined ? [user] : [])]
    await enqueueEmails(
      tx,
      recipients.map((to) => ownerEmail(to, user)),
    )
    return { name: user.name, isNew: newId !== undefined, purpose, path }
  })
}

async function lockAccount(tx: Tx, email: string): Promise<UserRow> {
  const before = await selectOptionalUserByEmail(tx, email)
  if (before) await lockUsers(tx, [before.id])
  const user = await selectOptionalUserByEmail(tx, email)
  if (!user) throw new Error(`${email} has just been changed to another address. Try again.`)
  return user
}

async function promote(tx: Tx, user: UserRow): Promise<void> {
  await updateToOwner(tx, user.id)
  await endSessions(tx, systemContext, user)
  if (user.role.name !== 'Owner')
    record(tx, systemContext, {
      event: 'role_changed',
      subject: user,
      details: { before: user.role.name, after: 'Owner', from },
    })
  const details = { before: user.status, after: 'active', from }
  if (user.status === 'blocked')
    record(tx, systemContext, { event: 'user_unblocked', subject: user, details })
  if (user.status === 'inactive')
    record(tx, systemContext, { event: 'user_activated', subject: user, details })
  record(tx, systemContext, { event: 'password_reset_requested', subject: user, details: { from } })
}
