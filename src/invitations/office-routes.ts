import type { Router } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Db } from '../foundation/db.ts'
import { Refused } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { ownPath } from '../foundation/web/own-path.ts'
import { exactRouter } from '../foundation/web/router.ts'
import type { UserRow } from '../people/queries.ts'
import { reachable, reachNow } from '../people/reach.ts'
import { officeMailLimits } from '../recovery/limits.ts'
import { inviteAgain } from './again.ts'

const stepUpMinutes = 30

/** The ⋯ menu of somebody who has not accepted yet: Resend invitation. */
export function officeInvitationRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const limits = officeMailLimits(db)

  router.post('/users/:id/invitation', async (req, res) => {
    const user = await reachable(db, actorOf(req), 'users.manage', req.params.id)
    const returnTo = ownPath((req.body as Record<string, unknown>).returnTo, `/fieldworkers/${user.id}`)
    if (!provenWithin(stepUpMinutes, req, res, returnTo)) return
    refuseUnlessInvited(user)
    await limits.take(actorOf(req), user)
    const { again, email } = await db.transaction(async (tx) => {
      const now = await reachNow(tx, by(req), 'users.manage', user.id)
      refuseUnlessInvited(now)
      return { again: await inviteAgain(tx, by(req), now), email: now.email }
    })
    flash(
      req,
      `Invitation sent to ${user.name}`,
      `${again ? 'The same link as a few minutes ago' : 'A new link'} is on its way to ${writtenAddress(email)}. It works for 7 days.`,
    )
    res.redirect(303, returnTo)
  })

  return router
}

function refuseUnlessInvited({ name, status }: UserRow) {
  if (status === 'invited') return
  throw new Refused({
    heading: `${name} has an account already`,
    message: `It is ${status}, so there is nothing to invite them to. Nothing was sent.`,
    advice:
      status === 'active'
        ? 'Send a reset link if they lost their password.'
        : 'Make the account active first.',
  })
}
