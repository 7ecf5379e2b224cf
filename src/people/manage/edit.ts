import type { z } from 'zod'
import { asTarget, type Actor, type By } from '../../access/actor.ts'
import { may } from '../../access/may.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../foundation/db.ts'
import { post } from '../../foundation/mail/post.ts'
import { done, refused, type Errors, type Outcome } from '../../foundation/outcome.ts'
import { endSessions } from '../../sessions/end.ts'
import { underNewLimits } from '../../sessions/new-limits.ts'
import { stillThere } from '../../sessions/still.ts'
import type { UserRow } from '../queries.ts'
import { reachable } from '../reach.ts'
import { orRefused } from './constraints.ts'
import { detailsOf, markOf, type Details } from './details.ts'
import type { DetailsForm } from './forms.ts'
import { movedByOffice } from './letters.ts'
import { misplaced } from './place.ts'
import { selectOptionalTeam, updateDetails } from './queries.ts'

/** What follows when an account has another address, for the house above: its links die, the new address gets one. */
export type OnMoved = (tx: Tx, by: By<Actor>, person: UserRow) => Promise<void>

export interface Edited {
  person: UserRow
  changed: (keyof Details)[]
}

/**
 * The office changes what it knows of somebody; a field that is not given stays. Another address is unverified at once,
 * signs them out everywhere, and the old one is told; it asks for the right to change passwords, too. Nobody is moved out of the actor's reach. (ASVS 6.3.7, 8.2.3)
 */
export function editDetails(
  { db, onMoved }: { db: Db; onMoved: OnMoved },
  by: By<Actor>,
  id: string,
  { seen, returnTo: _, ...given }: z.output<typeof DetailsForm>,
): Promise<Outcome<Edited>> {
  const edit = db.transaction(async (tx) => {
    const now = await stillThere(tx, by, [id])
    const user = await reachable(tx, now.actor, 'users.manage', id)
    const before = detailsOf(user)
    if (seen !== undefined && seen !== markOf(before)) return refused({ form: changedMeanwhile })
    const after = { ...before, ...given }
    const changed = (Object.keys(before) as (keyof Details)[]).filter(
      (field) => before[field] !== after[field],
    )
    const errors = {
      ...(changed.includes('teamId') && misplaced(now.actor, { ...asTarget(user), teamId: after.teamId })),
      ...emailFault(now.actor, user, after.email),
    }
    if (Object.keys(errors).length > 0) return refused(errors)
    if (changed.length > 0)
      await underNewLimits(tx, now, { userId: id }, () => save(tx, now, user, after, changed))
    const person = { ...user, name: after.name, email: after.email }
    if (changed.includes('email')) await move(tx, now, user, person, onMoved)
    return done({ person, changed })
  })
  return orRefused(edit)
}

/**
 * Whoever reads mail at an address can choose the password of its account, so moving one asks for the right to change
 * passwords, too. Somebody invited has none yet. (ASVS 8.2.2)
 */
const mayMove = (actor: Actor, user: UserRow): boolean =>
  user.status === 'invited' || may(actor, 'passwords.change', asTarget(user))

/** What is wrong with moving somebody to an address, next to its field. */
export const emailFault = (actor: Actor, user: UserRow, email: string | undefined): Errors =>
  email === undefined || email === user.email || mayMove(actor, user) ? {} : { email: wayIn(actor) }

const wayIn = ({ role }: Actor) =>
  `Whoever reads mail at an address can choose the password, and your role, ${role.name}, may not change passwords. Leave it as it was, or ask an Admin.`

async function save(tx: Tx, by: By<Actor>, user: UserRow, after: Details, changed: string[]) {
  await updateDetails(tx, user.id, after)
  const team = after.teamId && (await selectOptionalTeam(tx, after.teamId))?.name
  const fields = [
    ['email', user.email, after.email],
    ['name', user.name, after.name],
    ['phone', user.phone, after.phone],
    ['teamId', user.team_name, team],
  ] as const
  const details: Record<string, unknown> = {}
  for (const [field, was, is] of fields.filter(([field]) => changed.includes(field))) {
    const name = field.replace('Id', '')
    Object.assign(details, { [`${name}_before`]: was, [`${name}_after`]: is })
  }
  const subject = { id: user.id, name: after.name, email: after.email }
  record(tx, by, { event: 'user_updated', subject, details })
}

async function move(tx: Tx, by: By<Actor>, before: UserRow, after: UserRow, onMoved: OnMoved) {
  await endSessions(tx, by, after)
  await post(tx, movedByOffice(before, by, after.email))
  await onMoved(tx, by, after)
}

export const changedMeanwhile =
  'Somebody else changed these details while you had them open. Look at what is stored now, then save again.'
