import type { Actor, RequestContext, Person } from '../../access/actor.ts'
import { assertPermission } from '../../access/middleware.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { toFieldErrors } from './constraints.ts'
import { validateAssignment } from './role-and-team.ts'
import { insertUser, selectOptionalRoleForShare, selectOptionalTeam } from './queries.ts'

/** Emails people an invitation. A callback, since invitations are a later module. */
export type Invite = (tx: Tx, by: RequestContext<Actor | null>, people: Person[]) => Promise<void>

export interface NewPerson {
  name: string
  email: string
  phone: string | null
  teamId: string | null
  /** Null creates a fieldworker. */
  roleId: string | null
}

/**
 * Creates an account and invites the person, who chooses the password. The team must be in the actor's scope, and the
 * role may not have permissions that the actor lacks. (ASVS 8.2.1, 6.4.1)
 */
export function createPerson(
  { db, invite }: { db: Db; invite: Invite },
  by: RequestContext<Actor>,
  { name, email, phone, roleId, ...chosen }: NewPerson,
): Promise<Result<Person>> {
  const creation = db.transaction(async (tx) => {
    const now = await reauthorize(tx, by)
    assertPermission(now.actor, 'users.manage')
    const teamId = chosen.teamId ?? ownTeam(now.actor)
    const role = await selectOptionalRoleForShare(tx, roleId)
    if (!role) return invalid({ roleId: 'This role no longer exists. Choose another.' })
    const errors = validateAssignment(now.actor, { id: '', name, email, teamId, role })
    if (errors) return invalid(errors)
    const id = await insertUser(tx, { name, email, phone, roleId: role.id, teamId })
    const person = { id, name, email }
    const team = teamId && (await selectOptionalTeam(tx, teamId))?.name
    record(tx, now, { event: 'user_created', subject: person, details: { role: role.name, team } })
    await invite(tx, now, [person])
    return ok(person)
  })
  return toFieldErrors(creation)
}

/** The default team: the actor's own for a team role, otherwise none. */
const ownTeam = ({ role, teamId }: Actor) => (role.scope === 'team' ? teamId : null)
