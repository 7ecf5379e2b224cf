import type { Actor, RequestContext, Person } from '../../access/actor.ts'
import { assertPermission } from '../../access/middleware.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { toFieldErrors } from './constraints.ts'
import { validateAssignment } from './role-and-team.ts'
import { insertUser, selectOptionalRoleForShare, selectOptionalTeam } from './queries.ts'

/** Mails people the way to their first password; the house above knows how. */
export type Invite = (tx: Tx, by: RequestContext<Actor | null>, people: Person[]) => Promise<void>

export interface NewPerson {
  name: string
  email: string
  phone: string | null
  teamId: string | null
  /** None makes a fieldworker. */
  roleId: string | null
}

/**
 * The office makes an account and invites its owner, who alone chooses its password. Nobody is put where the actor could
 * not reach them, nor given rights that the actor lacks. (ASVS 8.2.1, 6.4.1)
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
    if (!role) return invalid({ roleId: 'This role is no longer there. Choose another.' })
    const fault = validateAssignment(now.actor, { id: '', name, email, teamId, role })
    if (fault) return invalid(fault)
    const id = await insertUser(tx, { name, email, phone, roleId: role.id, teamId })
    const person = { id, name, email }
    const team = teamId && (await selectOptionalTeam(tx, teamId))?.name
    record(tx, now, { event: 'user_created', subject: person, details: { role: role.name, team } })
    await invite(tx, now, [person])
    return ok(person)
  })
  return toFieldErrors(creation)
}

/** Where nothing is chosen: the one team that a role reaches, or none. */
const ownTeam = ({ role, teamId }: Actor) => (role.scope === 'team' ? teamId : null)
