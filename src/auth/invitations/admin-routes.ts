import { ok } from '../../platform/result.ts'
import { action } from '../../access/action.ts'
import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Router } from 'express'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Db } from '../../platform/db.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { strictRouter } from '../../platform/web/router.ts'
import type { UserRow } from '../../people/queries.ts'
import { lockAndAuthorizeUser, userOfUrl, returnPath } from '../../people/authorize.ts'
import { officeMailLimits } from '../reset/limits.ts'
import { renewInvitation } from './resend-invitation.ts'

/** Resend invitation, in the ⋯ menu of a person who has not accepted yet. */
export function adminInvitationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const limits = officeMailLimits(db)

  router.post(
    '/users/:id/invitation',
    action({
      ...userOfUrl(db, 'users.manage'),
      stepUp: 'desk',
      back: returnPath,
      form: null,
      showErrors: null,
      run: async ({ actor, by, target }) => {
        refuseUnlessInvited(target)
        await limits.take(actor, target)
        const sent = await db.transaction(async (tx) => {
          const now = await lockAndAuthorizeUser(tx, by, 'users.manage', target.id)
          refuseUnlessInvited(now)
          return { reused: await renewInvitation(tx, by, now), email: now.email }
        })
        return ok(sent)
      },
      flash: ({ target: { name }, value: { reused, email } }) => [
        `Invitation sent to ${name}`,
        `${reused ? 'The same link as a few minutes ago' : 'A new link'} is on its way to ${writtenAddress(email)}. It works for ${linkLifetimeText('invite')}.`,
      ],
      redirect: returnPath,
    }),
  )
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
