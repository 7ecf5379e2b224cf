import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Router } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Db } from '../../platform/db.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { strictRouter } from '../../platform/web/router.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser, lockAndAuthorizeUser } from '../../people/authorize.ts'
import { officeMailLimits } from '../reset/limits.ts'
import { renewInvitation } from './resend-invitation.ts'

/** Resend invitation, in the ⋯ menu of a person who has not accepted yet. */
export function adminInvitationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const limits = officeMailLimits(db)

  router.post('/users/:id/invitation', async (req, res) => {
    const user = await findAuthorizedUser(db, actorOf(req), 'users.manage', req.params.id)
    const returnTo = safePath((req.body as Record<string, unknown>).returnTo, `/fieldworkers/${user.id}`)
    if (!requireRecentPassword(req, res, returnTo)) return
    refuseUnlessInvited(user)
    await limits.take(actorOf(req), user)
    const { reused, email } = await db.transaction(async (tx) => {
      const now = await lockAndAuthorizeUser(tx, contextOf(req), 'users.manage', user.id)
      refuseUnlessInvited(now)
      return { reused: await renewInvitation(tx, contextOf(req), now), email: now.email }
    })
    flash(
      req,
      `Invitation sent to ${user.name}`,
      `${reused ? 'The same link as a few minutes ago' : 'A new link'} is on its way to ${writtenAddress(email)}. It works for ${linkLifetimeText('invite')}.`,
    )
    res.redirect(303, returnTo)
  })

  return router
}

function refuseUnlessInvited({ name, status }: UserRow) {
  if (status === 'invited') return
  throw new Forbidden({
    heading: `${name} has an account already`,
    message: `The account is ${status}, so it needs no invitation. Nothing was sent.`,
    advice:
      status === 'active'
        ? 'Send a reset link if they lost their password.'
        : 'Make the account active first.',
  })
}
