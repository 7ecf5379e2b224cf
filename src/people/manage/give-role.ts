import { asTarget, type Actor, type By, type Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../foundation/db.ts'
import { writtenAddress } from '../../foundation/email-address.ts'
import { post } from '../../foundation/mail/post.ts'
import { done, refused, type Outcome } from '../../foundation/outcome.ts'
import { underNewLimits } from '../../sessions/new-limits.ts'
import { stillThere } from '../../sessions/still.ts'
import type { UserRow } from '../queries.ts'
import { reachable } from '../reach.ts'
import { orRefused } from './constraints.ts'
import type { Invite } from './create.ts'
import { roleChangedLetter } from './letters.ts'
import { misplaced } from './place.ts'
import {
  selectIsMovedByOthers,
  selectOptionalRoleForShare,
  selectOptionalTeam,
  updateRole,
} from './queries.ts'

export interface Given {
  person: Person
  role: string
  team: string | null
  changed: boolean
}

interface Chosen {
  roleId?: string
  teamId?: string | null
  /** The address that the form showed; not every sender says so. */
  shownEmail?: string
  /** The address when the request came in. */
  emailBefore: string
}

/**
 * Gives somebody another role, or the team that it reaches, from their next request on. Who reads mail at their address
 * gets all that the role holds, so it must be the address that the sender saw (decision 44). The actor holds all of the role
 * that was and of the one that will be; the last active Owner stays one. (ASVS 8.2.1, 8.3.2, 6.3.7)
 */
export function giveRole(
  { db, invite }: { db: Db; invite: Invite },
  by: By<Actor>,
  id: string,
  chosen: Chosen,
): Promise<Outcome<Given>> {
  const deed = db.transaction(async (tx): Promise<Outcome<Given>> => {
    const now = await stillThere(tx, by, [id])
    const user = await reachable(tx, now.actor, 'users.manage', id)
    const role = await selectOptionalRoleForShare(tx, chosen.roleId ?? user.role_id)
    if (!role) return refused({ roleId: 'This role is no longer there. Choose another.' })
    const teamId = chosen.teamId === undefined ? user.team_id : chosen.teamId
    const fault = misplaced(now.actor, { ...asTarget(user), role, teamId })
    if (fault) return refused(fault)
    const changed = role.id !== user.role_id || teamId !== user.team_id
    if (changed && (await isMovedUnseen(tx, now.actor, user, chosen)))
      return refused({ form: movedMeanwhile(user) })
    if (changed) await underNewLimits(tx, now, { userId: id }, () => updateRole(tx, id, role.id, teamId))
    const team = teamId && ((await selectOptionalTeam(tx, teamId))?.name ?? null)
    const given = { person: user, role: role.name, team, changed }
    if (changed) await tell(tx, now, user, given, invite)
    return done(given)
  })
  return orRefused(deed)
}

async function isMovedUnseen(tx: Tx, actor: Actor, user: UserRow, { shownEmail, emailBefore }: Chosen) {
  if (shownEmail !== undefined) return shownEmail !== user.email
  return emailBefore !== user.email || (await selectIsMovedByOthers(tx, user.id, actor.id))
}

const movedMeanwhile = ({ email }: UserRow) =>
  `The email address was changed to ${writtenAddress(email)} since you opened this page. Check it, then save again.`

/** Another role ends what was mailed before, so who has no password yet is invited anew; all others are told. */
async function tell(tx: Tx, by: By<Actor>, user: UserRow, { role, team }: Given, invite: Invite) {
  const roles = { before: user.role.name, after: role }
  const details = { ...roles, team_before: user.team_name, team_after: team }
  record(tx, by, { event: 'role_changed', subject: user, details })
  if (user.status !== 'invited') await post(tx, roleChangedLetter(user, by, { ...roles, team }))
  else if (roles.before !== roles.after) await invite(tx, by, [user])
}
