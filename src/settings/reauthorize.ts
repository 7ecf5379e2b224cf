import type { Actor, RequestContext } from '../access/actor.ts'
import { assertCompanyPermission } from '../access/middleware.ts'
import type { Permission } from '../access/permissions.ts'
import type { Tx } from '../platform/db.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'

/** Locks the actor and checks the permission again. */
export async function reauthorizeSettings(
  tx: Tx,
  by: RequestContext<Actor>,
  permission: Permission,
): Promise<void> {
  assertCompanyPermission((await reauthorize(tx, by)).actor, permission)
}
