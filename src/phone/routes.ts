import type { Router, Request, RequestHandler, Response } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import type { Errors } from '../foundation/outcome.ts'
import { firstName } from '../foundation/names.ts'
import { hourOf } from '../foundation/web/dates.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { changePasswordOnPhone, phoneMinutes } from '../passwords/change.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import { selectOptionalAccount } from '../people/queries.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import { renewCarrier } from '../sessions/store.ts'
import { exactRouter } from '../foundation/web/router.ts'

/** The phone surface: what a fieldworker needs, under the thumb. */
export function phoneRoutes({ db }: PasswordKit): Router {
  const router = exactRouter()

  router.get('/m', async (req, res) => {
    const { id, name, teamName } = actorOf(req)
    const { name: company, timeZone } = res.locals.company as { name: string; timeZone: string }
    const user = await selectOptionalAccount(db, id)
    page(res, 'phone/home', {
      ...{ title: 'Home', layout: 'phone' },
      greeting: `${greetingAt(hourOf(new Date(), timeZone))}, ${firstName(name)}`,
      place: [company, teamName].filter(Boolean).join(', '),
      passwordChangedAt: user?.password_changed_at ?? null,
      lastSignInAt: user?.last_sign_in_at ?? null,
      deviceCount: user?.devices ?? 0,
    })
  })

  return router
}

function greetingAt(hour: number): string {
  if (hour < 12) return 'Good morning'
  return hour < 18 ? 'Good afternoon' : 'Good evening'
}

/** The office changes its passwords with the old one beside it. */
const fieldworkersOnly: RequestHandler = (req, res, next) => {
  if (actorOf(req).role.kind === 'fieldworker') return next()
  res.redirect(303, '/account/password')
}

/** Change password on the phone: no old one, but a password that was proven in this session a short while ago. */
export function phonePasswordRoutes(kit: PasswordKit): Router {
  const router = exactRouter()

  router.get('/m/password', fieldworkersOnly, async (req, res) => {
    if (provenWithin(phoneMinutes, req, res)) await passwordPage(kit, req, res)
  })

  router.post('/m/password', fieldworkersOnly, async (req, res) => {
    if (!provenWithin(phoneMinutes, req, res)) return
    const form = read(ChoiceForm, req.body)
    if (!form.ok) return passwordPage(kit, req, res, form.errors)
    const outcome = await changePasswordOnPhone(kit, by(req), form.value)
    if (!outcome.ok) return passwordPage(kit, req, res, outcome.errors)
    await renewCarrier(req)
    flash(req, 'Your password is changed', 'All your other devices are signed out.')
    res.redirect(303, '/m')
  })

  return router
}

async function passwordPage({ db, companyNow }: PasswordKit, req: Request, res: Response, errors?: Errors) {
  const { id, passwordAge, mustChangePassword: forced } = actorOf(req)
  const locals = {
    forced,
    minLength: (await companyNow()).passwordMinLength,
    minutesAgo: Math.floor(passwordAge / 60),
    otherDevices: (await selectDevices(db, id)).length - 1,
    errors: errors ?? {},
  }
  page(res, 'phone/password', { title: 'Change password', layout: 'phone', ...locals }, errors ? 422 : 200)
}
