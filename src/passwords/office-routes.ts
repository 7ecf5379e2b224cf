import { asTarget } from '../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import { firstName } from '../foundation/names.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { ownPath, returning } from '../foundation/web/own-path.ts'
import { page } from '../foundation/web/page.ts'
import type { UserRow } from '../people/queries.ts'
import { reachable } from '../people/reach.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import { changePasswordFor, refuseWithoutPassword, type OfficeChanged } from './change-for.ts'
import type { PasswordKit } from './kit.ts'
import { ChangeForForm } from './forms.ts'
import { exactRouter } from '../foundation/web/router.ts'

const stepUpMinutes = 30

/** The office changes somebody's password: one door for the list, the profile and the list of users. */
export function officePasswordRoutes(kit: PasswordKit): Router {
  const router = exactRouter()
  const address = '/users/:id/password'

  router.get(address, async (req, res) => {
    const user = await changeable(kit, req)
    if (!provenWithin(stepUpMinutes, req, res)) return
    await changeForPage(kit, res, user, { mustChange: true, endSessions: true, returnTo: req.query.returnTo })
  })

  router.post(address, async (req, res) => {
    const user = await changeable(kit, req)
    const typed = req.body as Record<string, unknown>
    if (!provenWithin(stepUpMinutes, req, res, returning(req.path, typed.returnTo))) return
    const ticks = {
      mustChange: 'mustChange' in typed,
      endSessions: 'endSessions' in typed,
      returnTo: typed.returnTo,
    }
    const form = read(ChangeForForm, typed)
    if (!form.ok) return changeForPage(kit, res, user, ticks, form.errors)
    const returnTo = ownPath(form.value.returnTo, `/fieldworkers/${user.id}`)
    const change = { ...form.value, from: placeOf(returnTo) }
    const outcome = await changePasswordFor(kit, by(req), asTarget(user), change)
    if (!outcome.ok) return changeForPage(kit, res, user, ticks, outcome.errors)
    flash(req, `Password changed for ${user.name}`, whatFollows(user, outcome.value))
    res.redirect(303, returnTo)
  })

  return router
}

async function changeable({ db }: PasswordKit, req: Request): Promise<UserRow> {
  const user = await reachable(db, actorOf(req), 'passwords.change', req.params.id)
  refuseWithoutPassword(user)
  return user
}

interface Ticks {
  mustChange: boolean
  endSessions: boolean
  returnTo: unknown
}

async function changeForPage(kit: PasswordKit, res: Response, user: UserRow, ticks: Ticks, errors?: Errors) {
  const [company, devices] = [await kit.companyNow(), await selectDevices(kit.db, user.id)]
  const locals = {
    ...ticks,
    returnTo: ownPath(ticks.returnTo, `/fieldworkers/${user.id}`),
    person: { id: user.id, name: user.name, email: user.email, status: user.status },
    deviceCount: devices.length,
    temporaryHours: company.temporaryPasswordHours,
    lastingAllowed: company.lastingPasswordsAllowed,
    minLength: company.passwordMinLength,
    errors: errors ?? {},
  }
  page(res, 'passwords/change-for', { title: 'Change password', narrow: true, ...locals }, errors ? 422 : 200)
}

/** Where it was done, for the record: the list, the profile or the list of users. */
function placeOf(returnTo: string): string {
  if (returnTo.startsWith('/fieldworkers/')) return 'profile'
  return returnTo.startsWith('/settings/') ? 'users' : 'fieldworkers'
}

function whatFollows({ name }: UserRow, { email, temporary, sessionsEnded }: OfficeChanged): string {
  const devices = sessionsEnded === 1 ? '1 device was signed out' : `${sessionsEnded} devices were signed out`
  const next = temporary ? `${firstName(name)} must choose another at next sign-in. ` : ''
  return `${next}${sessionsEnded > 0 ? `${devices}, and an` : 'An'} email goes to ${writtenAddress(email)}.`
}
