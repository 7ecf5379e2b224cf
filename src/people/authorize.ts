import type { Fields } from '../platform/web/form.ts'
import { safePath } from '../platform/web/safe-redirect.ts'
import { actorOf } from '../access/middleware.ts'
import type { Request } from 'express'
import { z } from 'zod'
import { asTarget, type Actor, type RequestContext } from '../access/actor.ts'
import { can } from '../access/can.ts'
import type { Permission } from '../access/permissions.ts'
import type { Queryable, Tx } from '../platform/db.ts'
import { NotFound } from '../platform/web/errors.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'
import { selectOptionalUser, type UserRow } from './queries.ts'
import { accessDenied } from './access-denied.ts'

/** Finds the user of a URL and checks that the actor may do this to them. Throws an error that says why not. */
export async function findAuthorizedUser(
  db: Queryable,
  actor: Actor,
  permission: Permission,
  id: unknown,
): Promise<UserRow> {
  const userId = z.uuid().safeParse(id)
  const user = userId.success ? await selectOptionalUser(db, userId.data) : undefined
  if (!user) throw new NotFound()
  if (!can(actor, permission, asTarget(user))) throw accessDenied(actor, permission, asTarget(user))
  return user
}

/** The page that a form about a user leads back to. */
export const returnPath = ({ target, typed }: { target: UserRow; typed: Fields }): string =>
  safePath(typed.returnTo, `/fieldworkers/${target.id}`)

/** For `action`: the user of the URL, if the actor may do this to them. */
export const userOfUrl = <Wanted extends Permission>(db: Queryable, permission: Wanted) => ({
  permission: { target: permission },
  target: (req: Request) => findAuthorizedUser(db, actorOf(req), permission, req.params.id),
})

/** Locks the actor and the user, and checks the permission for both as they are now. (ASVS 8.3.2) */
export async function lockAndAuthorizeUser(
  tx: Tx,
  by: RequestContext<Actor>,
  permission: Permission,
  id: string,
): Promise<UserRow> {
  const { actor } = await reauthorize(tx, by, [id])
  return findAuthorizedUser(tx, actor, permission, id)
}
