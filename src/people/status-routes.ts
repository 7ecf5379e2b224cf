import { asTarget } from '../access/actor.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { ownPath } from '../foundation/web/own-path.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { profilePage } from './profile.ts'
import type { UserRow } from './queries.ts'
import { reachable } from './reach.ts'
import { beyondReach } from './refusals.ts'
import { changeStatus } from './status.ts'
import { atLength, inShort, toldOfOne } from './status-words.ts'
import { changeTowards } from './statuses.ts'

const stepUpMinutes = 30
const StatusForm = z.object({
  status: z.enum(
    ['active', 'inactive', 'blocked'],
    'Choose one of the statuses: active, inactive or blocked.',
  ),
})

/** ⋯ Activate, Deactivate, Block and Unblock of one person: the deed for many, with one. */
export function statusRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()

  router.post('/users/:id/status', async (req, res) => {
    const user = await reachable(db, actorOf(req), 'users.manage', req.params.id)
    const typed = req.body as Record<string, unknown>
    const returnTo = ownPath(typed.returnTo, `/fieldworkers/${user.id}`)
    if (!provenWithin(stepUpMinutes, req, res, returnTo)) return
    const form = read(StatusForm, typed)
    if (!form.ok) return profilePage(db, req, res, user, form.errors)
    await change(db, req, res, { user, status: form.value.status, returnTo })
  })

  return router
}

interface Wanted {
  user: UserRow
  status: 'active' | 'inactive' | 'blocked'
  returnTo: string
}

async function change(db: Db, req: Request, res: Response, { user, status, returnTo }: Wanted) {
  const name = changeTowards(status, user.status)
  const { changed, skipped } = await changeStatus(db, by(req), name, [user.id])
  const [person] = changed
  const reason = skipped[0]?.reason
  if (reason === 'beyond' || reason === 'self')
    throw beyondReach(actorOf(req), 'users.manage', asTarget(user))
  if (!person && reason !== 'same')
    return profilePage(db, req, res, user, { status: `${atLength(name, reason ?? 'unblocked')}.` })
  if (person) flash(req, ...toldOfOne(user, person.to))
  else flash(req, `${user.name} is ${inShort(name, 'same')}`, 'Nothing was changed.')
  res.redirect(303, returnTo)
}
