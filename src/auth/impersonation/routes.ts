import { z } from 'zod'
import { action } from '../../access/action.ts'
import type { Request, Response, Router } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { type Errors, ok } from '../../platform/result.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { flash } from '../../platform/web/flash.ts'
import { reasonField, returnPath, typedFields, textOf, type Fields } from '../../platform/web/form.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser } from '../../people/authorize.ts'
import { regenerateSession } from '../sessions/store/session-store.ts'
import { startImpersonation, refuseUnlessInUse } from './start-impersonation.ts'
import { profileOf } from './restore-own-account.ts'
import { endImpersonation } from './end-impersonation.ts'

const reasonHint = 'Say why in a few words, such as “Cannot find Tuesday’s job sheet”.'
const StartImpersonationForm = z.object({ reason: reasonField(reasonHint), returnTo: returnPath })

declare global {
  interface Views {
    'auth/impersonation/begin': {
      person: Pick<UserRow, 'id' | 'name' | 'email' | 'status'>
      reason: string
      returnTo: string
    }
  }
}

/** Login as this user: asks for a reason, then shows the account as its owner sees it. */
export function impersonationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const path = '/users/:id/impersonation'

  router.get(path, async (req, res) => {
    const user = await findTarget(db, req)
    if (!requireRecentPassword(req, res)) return
    startPage(res, user, typedFields(req.query))
  })

  router.post(
    path,
    action({
      permission: { target: 'users.impersonate' },
      target: (req) => findTarget(db, req),
      stepUp: 'desk',
      form: StartImpersonationForm,
      showErrors: ({ res, target, typed }, errors) => startPage(res, target, typed, errors),
      run: async ({ req, by, target, form }) => {
        await startImpersonation(db, by, target.id, form.reason)
        giveSecret(req) // forms from before are not accepted
        await regenerateSession(req)
        return ok(undefined)
      },
      flash: null,
      redirect: '/',
    }),
  )
  return router
}

/** Return to my account. Redirects home if there is no impersonation. */
export function returnRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.post('/impersonation/end', async (req, res) => {
    const actor = actorOf(req)
    if (!actor.impersonator) return res.redirect(303, '/')
    await db.transaction((tx) => endImpersonation(tx, contextOf(req), 'returned'))
    giveSecret(req) // forms from before are not accepted
    await regenerateSession(req)
    flash(req, 'You’re back in your own account')
    res.redirect(303, profileOf(actor))
  })

  return router
}

async function findTarget(db: Db, req: Request): Promise<UserRow> {
  const user = await findAuthorizedUser(db, actorOf(req), 'users.impersonate', req.params.id)
  refuseUnlessInUse(user)
  return user
}

function startPage(res: Response, user: UserRow, typed: Fields, errors?: Errors) {
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status },
    reason: textOf(typed.reason),
    returnTo: safePath(typed.returnTo, profileOf(user)),
    errors: errors ?? {},
  }
  renderPage(
    res,
    'auth/impersonation/begin',
    { title: 'Login as this user', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}
