import type { Request, Response, Router } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm } from '../../platform/web/form.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser } from '../../people/authorize.ts'
import { regenerateSession } from '../sessions/store/session-store.ts'
import { startImpersonation, refuseUnlessInUse } from './start-impersonation.ts'
import { profileOf } from './restore-own-account.ts'
import { endImpersonation } from './end-impersonation.ts'
import { StartImpersonationForm } from './forms.ts'

/** Login as this user: asks for a reason, then shows the account as its owner sees it. */
export function impersonationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const path = '/users/:id/impersonation'

  router.get(path, async (req, res) => {
    const user = await findTarget(db, req)
    if (!requireRecentPassword(req, res)) return
    startPage(res, user, req.query)
  })

  router.post(path, async (req, res) => {
    const user = await findTarget(db, req)
    if (!requireRecentPassword(req, res)) return
    const typed = req.body as Record<string, unknown>
    const form = parseForm(StartImpersonationForm, typed)
    if (!form.ok) return startPage(res, user, typed, form.errors)
    await startImpersonation(db, contextOf(req), user.id, form.value.reason)
    giveSecret(req) // forms from before are not accepted
    await regenerateSession(req)
    res.redirect(303, '/')
  })

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

function startPage(res: Response, user: UserRow, typed: Record<string, unknown>, errors?: Errors) {
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status },
    reason: typeof typed.reason === 'string' ? typed.reason : '',
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
