import type { Request, Response, Router } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { giveSecret } from '../foundation/web/csrf.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { ownPath } from '../foundation/web/own-path.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import type { UserRow } from '../people/queries.ts'
import { reachable } from '../people/reach.ts'
import { renewCarrier } from '../sessions/store.ts'
import { beginImpersonation, refuseUnlessInUse } from './begin.ts'
import { profileOf } from './come-back.ts'
import { stepOut } from './end.ts'
import { BeginForm } from './forms.ts'

const stepUpMinutes = 30

/** Login as this user: the reason first, then the account as its owner sees it. */
export function impersonationRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const address = '/users/:id/impersonation'

  router.get(address, async (req, res) => {
    const user = await enterable(db, req)
    if (!provenWithin(stepUpMinutes, req, res)) return
    beginPage(res, user, req.query)
  })

  router.post(address, async (req, res) => {
    const user = await enterable(db, req)
    if (!provenWithin(stepUpMinutes, req, res)) return
    const typed = req.body as Record<string, unknown>
    const form = read(BeginForm, typed)
    if (!form.ok) return beginPage(res, user, typed, form.errors)
    await beginImpersonation(db, by(req), user.id, form.value.reason)
    giveSecret(req) // no form of before is taken
    await renewCarrier(req)
    res.redirect(303, '/')
  })

  return router
}

/** The way back; whoever stands in their own account already is sent on as if they had just come. */
export function returnRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()

  router.post('/impersonation/end', async (req, res) => {
    const actor = actorOf(req)
    if (!actor.impersonator) return res.redirect(303, '/')
    await db.transaction((tx) => stepOut(tx, by(req), 'Returned'))
    giveSecret(req) // no form of before is taken
    await renewCarrier(req)
    flash(req, 'You are back in your own account', `You no longer work as ${actor.name}.`)
    res.redirect(303, profileOf(actor))
  })

  return router
}

async function enterable(db: Db, req: Request): Promise<UserRow> {
  const user = await reachable(db, actorOf(req), 'users.impersonate', req.params.id)
  refuseUnlessInUse(user)
  return user
}

function beginPage(res: Response, user: UserRow, typed: Record<string, unknown>, errors?: Errors) {
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status },
    reason: typeof typed.reason === 'string' ? typed.reason : '',
    returnTo: ownPath(typed.returnTo, profileOf(user)),
    errors: errors ?? {},
  }
  page(
    res,
    'impersonation/begin',
    { title: 'Login as this user', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}
