import { asTarget } from '../access/actor.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, contextOf, requireRecentPassword } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { safePath } from '../platform/web/safe-redirect.ts'
import { strictRouter } from '../platform/web/router.ts'
import { profilePage } from './profile-page.ts'
import type { UserRow } from './queries.ts'
import { findAuthorizedUser } from './authorize.ts'
import { accessDenied } from './access-denied.ts'
import { changeStatus } from './change-status.ts'
import { skipExplanation, skipLabel, statusChangedMessage } from './status-messages.ts'
import { changeTowards } from './status-transitions.ts'

const StatusForm = z.object({
  status: z.enum(
    ['active', 'inactive', 'blocked'],
    'Choose one of the statuses: active, inactive or blocked.',
  ),
})

/** ⋯ Activate, Deactivate, Block and Unblock for one person. It uses the bulk action. */
export function statusRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.post('/users/:id/status', async (req, res) => {
    const user = await findAuthorizedUser(db, actorOf(req), 'users.manage', req.params.id)
    const typed = req.body as Record<string, unknown>
    const returnTo = safePath(typed.returnTo, `/fieldworkers/${user.id}`)
    if (!requireRecentPassword(req, res, returnTo)) return
    const form = parseForm(StatusForm, typed)
    if (!form.ok) return profilePage(db, req, res, user, form.errors)
    await change(db, req, res, { user, status: form.value.status, returnTo })
  })

  return router
}

interface StatusRequest {
  user: UserRow
  status: 'active' | 'inactive' | 'blocked'
  returnTo: string
}

async function change(db: Db, req: Request, res: Response, { user, status, returnTo }: StatusRequest) {
  const name = changeTowards(status, user.status)
  const { changed, skipped } = await changeStatus(db, contextOf(req), name, [user.id])
  const [person] = changed
  const reason = skipped[0]?.reason
  if (reason === 'beyond' || reason === 'self')
    throw accessDenied(actorOf(req), 'users.manage', asTarget(user))
  if (!person && reason !== 'same')
    return profilePage(db, req, res, user, { status: `${skipExplanation(name, reason ?? 'unblocked')}.` })
  if (person) flash(req, ...statusChangedMessage(user, person.to))
  else flash(req, `${user.name} is ${skipLabel(name, 'same')}`, 'Nothing was changed.')
  res.redirect(303, returnTo)
}
