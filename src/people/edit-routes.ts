import type { Router, Request, Response } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read, soundPart } from '../foundation/web/form.ts'
import { ownPath, returning } from '../foundation/web/own-path.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { detailsIn, detailsOf, markOf, retyped } from './manage/details.ts'
import { changedMeanwhile, editDetails, emailFault, type Edited, type OnMoved } from './manage/edit.ts'
import { DetailsForm } from './manage/forms.ts'
import { placesFor } from './manage/place.ts'
import { placeFaults } from './manage/place-faults.ts'
import { holderOf } from './manage/taken.ts'
import { reachable } from './reach.ts'

const stepUpMinutes = 30
const address = '/users/:id/details'

/** Name, address, phone and team of somebody, changed by the office. An address is a way in, so the password is asked for. */
export function editRoutes(needs: { db: Db; onMoved: OnMoved }): Router {
  const router = exactRouter()

  router.get(address, async (req, res) => {
    await reachable(needs.db, actorOf(req), 'users.manage', req.params.id)
    if (provenWithin(stepUpMinutes, req, res)) await detailsPage(needs.db, req, res, req.query.returnTo)
  })

  router.post(address, async (req, res) => {
    const user = await reachable(needs.db, actorOf(req), 'users.manage', req.params.id)
    const { returnTo } = req.body as Record<string, unknown>
    if (!provenWithin(stepUpMinutes, req, res, returning(req.path, returnTo))) return
    const form = read(DetailsForm, req.body)
    const outcome = form.ok ? await editDetails(needs, by(req), user.id, form.value) : form
    if (!outcome.ok) return detailsPage(needs.db, req, res, returnTo, outcome.errors)
    flash(req, ...whatFollows(outcome.value))
    res.redirect(303, ownPath(returnTo, `/fieldworkers/${user.id}`))
  })

  return router
}

async function detailsPage(db: Db, req: Request, res: Response, returnTo: unknown, refusal?: Errors) {
  const actor = actorOf(req)
  const user = await reachable(db, actor, 'users.manage', req.params.id)
  const sound = soundPart(DetailsForm, refusal ? req.body : {})
  const errors = refusal && {
    ...(await placeFaults(db, actor, sound, user.id)),
    ...emailFault(actor, user, sound.email),
    ...refusal,
  }
  const stored = detailsOf(user)
  const typed = (errors ? req.body : {}) as Record<string, unknown>
  const overtaken = errors?.form === changedMeanwhile
  const seen = typeof typed.seen === 'string' ? typed.seen : markOf(stored)
  const filled = detailsIn(seen)
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status, kind: user.role.kind },
    values: overtaken ? retyped(filled, stored, typed) : { ...stored, ...typed },
    ...(overtaken ? { filled, stored, seen: markOf(stored) } : { filled: null, stored: null, seen }),
    returnTo: ownPath(returnTo, `/fieldworkers/${user.id}`),
    ...(await placesFor(db, actor)),
    errors: errors ?? {},
    holder: errors?.email && sound.email ? await holderOf(db, actor, sound.email) : null,
  }
  page(res, 'people/edit', { title: 'Edit details', narrow: true, ...locals }, errors ? 422 : 200)
}

function whatFollows({ person, changed }: Edited): [title: string, text: string] {
  const { name, email, status } = person
  if (changed.length === 0) return [`Nothing was changed for ${name}`, 'The details are as they were.']
  const next = {
    invited: `A new invitation is on its way to ${writtenAddress(email)}, and the old address is told.`,
    active: `A link to verify it is on its way to ${writtenAddress(email)}, and the old address is told. All devices are signed out.`,
    inactive: 'The old address is told.',
    blocked: 'The old address is told.',
  }
  return [`Details of ${name} saved`, changed.includes('email') ? next[status] : '']
}
