import { asTarget, type Actor, type RequestContext, type Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { applyNewSessionLimits } from '../../auth/sessions/apply-new-limits.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import type { UserRow } from '../queries.ts'
import { findAuthorizedUser } from '../authorize.ts'
import { toFieldErrors } from './constraints.ts'
import type { Invite } from './create-person.ts'
import { roleChangedEmail } from './emails.ts'
import { validateAssignment } from './role-and-team.ts'
import {
  selectEmailChangedByOthers,
  selectOptionalRoleForShare,
  selectOptionalTeam,
  updateRole,
} from './queries.ts'

export interface Assigned {
  person: Person
  role: string
  team: string | null
  changed: boolean
}

interface Assignment {
  roleId?: string
  teamId?: string | null
  /** The email address that the form showed; not every client sends it. */
  shownEmail?: string
  /** The email address when the request arrived. */
  emailBefore: string
}

/**
 * Gives a person another role or team, from their next request. The reader of their email gets the permissions of the
 * role, so the address must be the one that the actor saw (decision 44). The actor needs all permissions of the old and
 * the new role. The last active Owner keeps the role. (ASVS 8.2.1, 8.3.2, 6.3.7)
 */
export function assignRole(
  { db, invite }: { db: Db; invite: Invite },
  by: RequestContext<Actor>,
  id: string,
  chosen: Assignment,
): Promise<Result<Assigned>> {
  const action = db.transaction(async (tx): Promise<Result<Assigned>> => {
    const now = await reauthorize(tx, by, [id])
    const user = await findAuthorizedUser(tx, now.actor, 'users.manage', id)
    const role = await selectOptionalRoleForShare(tx, chosen.roleId ?? user.role_id)
    if (!role) return invalid({ roleId: 'This role no longer exists. Choose another.' })
    const teamId = chosen.teamId === undefined ? user.team_id : chosen.teamId
    const errors = validateAssignment(now.actor, { ...asTarget(user), role, teamId })
    if (errors) return invalid(errors)
    const changed = role.id !== user.role_id || teamId !== user.team_id
    if (changed && (await emailChangedUnseen(tx, now.actor, user, chosen)))
      return invalid({ form: emailChangedMeanwhile(user) })
    if (changed)
      await applyNewSessionLimits(tx, now, { userIds: [id] }, () => updateRole(tx, id, role.id, teamId))
    const team = teamId && ((await selectOptionalTeam(tx, teamId))?.name ?? null)
    const assigned = { person: user, role: role.name, team, changed }
    if (changed) await notify(tx, now, user, assigned, invite)
    return ok(assigned)
  })
  return toFieldErrors(action)
}

async function emailChangedUnseen(
  tx: Tx,
  actor: Actor,
  user: UserRow,
  { shownEmail, emailBefore }: Assignment,
) {
  if (shownEmail !== undefined) return shownEmail !== user.email
  return emailBefore !== user.email || (await selectEmailChangedByOthers(tx, user.id, actor.id))
}

const emailChangedMeanwhile = ({ email }: UserRow) =>
  `The email address was changed to ${writtenAddress(email)} since you opened this page. Check it, then save again.`

/** A new role invalidates earlier links, so people without a password are invited again. All others get a notice. */
async function notify(
  tx: Tx,
  by: RequestContext<Actor>,
  user: UserRow,
  { role, team }: Assigned,
  invite: Invite,
) {
  const roles = { before: user.role.name, after: role }
  const details = { ...roles, team_before: user.team_name, team_after: team }
  record(tx, by, { event: 'role_changed', subject: user, details })
  if (user.status !== 'invited') await enqueueEmail(tx, roleChangedEmail(user, by, { ...roles, team }))
  else if (roles.before !== roles.after) await invite(tx, by, [user])
}
