import type { Actor, RequestContext } from '../access/actor.ts'
import { assertCompanyPermission } from '../access/middleware.ts'
import type { Permission } from '../access/permissions.ts'
import type { Tx } from '../platform/db.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'

/** Asks again, now that nothing about whoever asks can change. */
export async function reauthorizeSettings(
  tx: Tx,
  by: RequestContext<Actor>,
  permission: Permission,
): Promise<void> {
  assertCompanyPermission((await reauthorize(tx, by)).actor, permission)
}
