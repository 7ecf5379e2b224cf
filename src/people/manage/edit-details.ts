import type { z } from 'zod'
import { asTarget, type Actor, type RequestContext } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { endSessions } from '../../auth/sessions/end-sessions.ts'
import { applyNewSessionLimits } from '../../auth/sessions/apply-new-limits.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import type { UserRow } from '../queries.ts'
import { findAuthorizedUser } from '../authorize.ts'
import { toFieldErrors } from './constraints.ts'
import { detailsOf, versionToken, type Details } from './edit-conflict.ts'
import type { DetailsForm } from './forms.ts'
import { emailChangedByAdminEmail } from './emails.ts'
import { validateAssignment } from './role-and-team.ts'
import { selectOptionalTeam, updateDetails } from './queries.ts'

/** What follows when an account has another address, for the house above: its links die, the new address gets one. */
export type OnEmailChanged = (tx: Tx, by: RequestContext<Actor>, person: UserRow) => Promise<void>

export interface Edited {
  person: UserRow
  changed: (keyof Details)[]
}

/**
 * The office changes what it knows of somebody; a field that is not given stays. Another address is unverified at once,
 * signs them out everywhere, and the old one is told; it asks for the right to change passwords, too. Nobody is moved out of the actor's reach. (ASVS 6.3.7, 8.2.3)
 */
export function editDetails(
  { db, onMoved }: { db: Db; onMoved: OnEmailChanged },
  by: RequestContext<Actor>,
  id: string,
  { seen, returnTo: _, ...given }: z.output<typeof DetailsForm>,
): Promise<Result<Edited>> {
  const edit = db.transaction(async (tx) => {
    const now = await reauthorize(tx, by, [id])
    const user = await findAuthorizedUser(tx, now.actor, 'users.manage', id)
    const before = detailsOf(user)
    if (seen !== undefined && seen !== versionToken(before)) return invalid({ form: changedMeanwhile })
    const after = { ...before, ...given }
    const changed = (Object.keys(before) as (keyof Details)[]).filter(
      (field) => before[field] !== after[field],
    )
    const errors = {
      ...(changed.includes('teamId') &&
        validateAssignment(now.actor, { ...asTarget(user), teamId: after.teamId })),
      ...emailFault(now.actor, user, after.email),
    }
    if (Object.keys(errors).length > 0) return invalid(errors)
    if (changed.length > 0)
      await applyNewSessionLimits(tx, now, { userId: id }, () => save(tx, now, user, after, changed))
    const person = { ...user, name: after.name, email: after.email }
    if (changed.includes('email')) await changeEmail(tx, now, user, person, onMoved)
    return ok({ person, changed })
  })
  return toFieldErrors(edit)
}

/**
 * Whoever reads mail at an address can choose the password of its account, so moving one asks for the right to change
 * passwords, too. Somebody invited has none yet. (ASVS 8.2.2)
 */
const canChangeEmail = (actor: Actor, user: UserRow): boolean =>
  user.status === 'invited' || can(actor, 'passwords.change', asTarget(user))

/** What is wrong with moving somebody to an address, next to its field. */
export const emailFault = (actor: Actor, user: UserRow, email: string | undefined): Errors =>
  email === undefined || email === user.email || canChangeEmail(actor, user)
    ? {}
    : { email: signInLink(actor) }

const signInLink = ({ role }: Actor) =>
  `Whoever reads mail at an address can choose the password, and your role, ${role.name}, may not change passwords. Leave it as it was, or ask an Admin.`

async function save(tx: Tx, by: RequestContext<Actor>, user: UserRow, after: Details, changed: string[]) {
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

async function changeEmail(
  tx: Tx,
  by: RequestContext<Actor>,
  before: UserRow,
  after: UserRow,
  onMoved: OnEmailChanged,
) {
  await endSessions(tx, by, after)
  await enqueueEmail(tx, emailChangedByAdminEmail(before, by, after.email))
  await onMoved(tx, by, after)
}

export const changedMeanwhile =
  'Somebody else changed these details while you had them open. Look at what is stored now, then save again.'
