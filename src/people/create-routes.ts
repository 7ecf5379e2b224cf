import type { Router, Request, Response } from 'express'
import { holds } from '../access/actor.ts'
import { actorOf, allowed, by, provenWithin } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read, soundPart } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { createPerson, type Invite } from './manage/create.ts'
import { NewPersonForm, NewUserForm } from './manage/forms.ts'
import { placesFor } from './manage/place.ts'
import { placeFaults } from './manage/place-faults.ts'
import { holderOf } from './manage/taken.ts'

const stepUpMinutes = 30
const fieldworkers = '/fieldworkers/new'
const users = '/settings/company/users/new'

/** Adding people one by one: fieldworkers, and under Settings anyone of a role that one holds all of. */
export function createRoutes(needs: { db: Db; invite: Invite }): Router {
  const router = exactRouter()

  router.get(fieldworkers, allowed('users.manage'), (req, res) => newPage(needs.db, req, res))
  router.post(fieldworkers, allowed('users.manage'), async (req, res) => {
    const form = read(NewPersonForm, req.body)
    const outcome = form.ok ? await createPerson(needs, by(req), { ...empty, ...form.value }) : form
    if (!outcome.ok) return newPage(needs.db, req, res, outcome.errors)
    added(req, res, outcome.value)
  })

  // A role may open a lot, so the password is asked for first.
  router.get(users, allowed('users.manage'), async (req, res) => {
    if (provenWithin(stepUpMinutes, req, res)) await newPage(needs.db, req, res)
  })
  router.post(users, allowed('users.manage'), async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res)) return
    const form = read(NewUserForm, req.body)
    const outcome = form.ok ? await createPerson(needs, by(req), { ...empty, ...form.value }) : form
    if (!outcome.ok) return newPage(needs.db, req, res, outcome.errors)
    added(req, res, outcome.value)
  })

  return router
}

const empty = { phone: null, teamId: null, roleId: null }

function added(
  req: Request,
  res: Response,
  { id, name, email }: { id: string; name: string; email: string },
) {
  flash(
    req,
    `${name} is invited`,
    `A link to choose a password is on its way to ${writtenAddress(email)}. It works for 7 days.`,
  )
  res.redirect(303, holds(actorOf(req), 'users.view') ? `/fieldworkers/${id}` : req.path)
}

/** All that is wrong at once; where an address is taken, whose it is, if that may be told. */
async function newPage(db: Db, req: Request, res: Response, refusal?: Errors) {
  const actor = actorOf(req)
  const anyRole = req.path === users
  const sound = soundPart(anyRole ? NewUserForm : NewPersonForm, refusal ? req.body : {})
  const errors = refusal && { ...(await placeFaults(db, actor, sound)), ...refusal }
  const locals = {
    ...(await placesFor(db, actor)),
    ...{ anyRole, action: req.path, back: anyRole ? '/settings/company/users' : '/fieldworkers' },
    typed: errors ? (req.body as Record<string, unknown>) : {},
    errors: errors ?? {},
    holder: errors?.email && sound.email ? await holderOf(db, actor, sound.email) : null,
  }
  const title = anyRole ? 'Add user' : 'Add fieldworker'
  page(res, 'people/new', { title, narrow: true, ...locals }, errors ? 422 : 200)
}
