import type { RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmails } from '../../platform/email/queue.ts'
import { activateLink } from '../links/activate-link.ts'
import { issueLink } from '../links/issue-link.ts'
import { selectOptionalUserByEmail, type UserRow } from '../../people/queries.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { lockUsers } from '../sessions/lock-users.ts'
import { ownerEmail } from './emails.ts'
import { insertOwner, selectActiveOwners, updateMadeOwner } from './queries.ts'

const consoleContext: RequestContext<null> = { actor: null, ip: null, userAgent: null, requestId: null }
const from = 'console'

export interface OwnerCreated {
  name: string
  isNew: boolean
  purpose: 'invite' | 'reset'
  /** Where the password is chosen, once. */
  path: string
}

/**
 * Makes an Owner from outside, for the first account of a house and for a rescue: a new account, or one that is there,
 * which is then active whatever it was. Its sessions end, so that nobody who sits in one becomes an Owner. The link is
 * good at once and is handed to whoever asked; the other Owners are told. All of it, or nothing.
 */
export function createOwner(db: Db, linkKey: Buffer, email: string, name: string): Promise<OwnerCreated> {
  return db.transaction(async (tx) => {
    const others = await selectActiveOwners(tx)
    const newId = await insertOwner(tx, name, email)
    const user = await lockedAccount(tx, email)
    if (newId === undefined) await promote(tx, user)
    else
      record(tx, consoleContext, { event: 'user_created', subject: user, details: { role: 'Owner', from } })
    const purpose = user.status === 'invited' ? 'invite' : 'reset'
    const path = await activateLink(tx, linkKey, await issueLink(tx, { purpose, userId: user.id }))
    const told = [...others.filter(({ id }) => id !== user.id), ...(newId === undefined ? [user] : [])]
    await enqueueEmails(
      tx,
      told.map((to) => ownerEmail(to, user)),
    )
    return { name: user.name, isNew: newId !== undefined, purpose, path }
  })
}

async function lockedAccount(tx: Tx, email: string): Promise<UserRow> {
  const before = await selectOptionalUserByEmail(tx, email)
  if (before) await lockUsers(tx, [before.id])
  const user = await selectOptionalUserByEmail(tx, email)
  if (!user) throw new Error(`${email} was changed to another address just now. Try again.`)
  return user
}

async function promote(tx: Tx, user: UserRow): Promise<void> {
  await updateMadeOwner(tx, user.id)
  await endSessions(tx, consoleContext, user)
  if (user.role.name !== 'Owner')
    record(tx, consoleContext, {
      event: 'role_changed',
      subject: user,
      details: { before: user.role.name, after: 'Owner', from },
    })
  const details = { before: user.status, after: 'active', from }
  if (user.status === 'blocked')
    record(tx, consoleContext, { event: 'user_unblocked', subject: user, details })
  if (user.status === 'inactive')
    record(tx, consoleContext, { event: 'user_activated', subject: user, details })
  record(tx, consoleContext, { event: 'password_reset_requested', subject: user, details: { from } })
}
