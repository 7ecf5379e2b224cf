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
import { updatedEvent } from './update-people.ts'

/** Invalidates the links of a person whose email was changed, and sends a new one. A callback into a later module. */
export type OnEmailChanged = (tx: Tx, by: RequestContext<Actor>, person: UserRow) => Promise<void>

export interface Edited {
  person: UserRow
  changed: (keyof Details)[]
}

/**
 * Changes the details of a person; fields that are not given do not change. A new email address is unverified, ends all
 * sessions, and the old address gets a notice. It also needs the permission to change passwords. No one can be moved out
 * of the actor's scope. (ASVS 6.3.7, 8.2.3)
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
      ...emailError(now.actor, user, after.email),
    }
    if (Object.keys(errors).length > 0) return invalid(errors)
    if (changed.length > 0)
      await applyNewSessionLimits(tx, now, { userIds: [id] }, () => save(tx, now, user, after))
    const person = { ...user, name: after.name, email: after.email }
    if (changed.includes('email')) await changeEmail(tx, now, user, person, onMoved)
    return ok({ person, changed })
  })
  return toFieldErrors(edit)
}

/**
 * The reader of an email address can reset the password of its account, so changing the address also needs the permission
 * to change passwords. Invited people have no password yet. (ASVS 8.2.2)
 */
const canChangeEmail = (actor: Actor, user: UserRow): boolean =>
  user.status === 'invited' || can(actor, 'passwords.change', asTarget(user))

/** The error of the email field, if the actor may not change it. */
export const emailError = (actor: Actor, user: UserRow, email: string | undefined): Errors =>
  email === undefined || email === user.email || canChangeEmail(actor, user)
    ? {}
    : { email: needsPasswordPermission(actor) }

const needsPasswordPermission = ({ role }: Actor) =>
  `An email address can be used to reset the password, and your role, ${role.name}, may not change passwords. Keep the address, or ask an Admin.`

async function save(tx: Tx, by: RequestContext<Actor>, user: UserRow, after: Details) {
  await updateDetails(tx, user.id, after)
  const team = (after.teamId && (await selectOptionalTeam(tx, after.teamId))?.name) || null
  record(tx, by, updatedEvent(user.id, { ...user, team: user.team_name }, { ...after, team }))
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
  'Someone else changed these details while you had them open. Check the current details, then save again.'
