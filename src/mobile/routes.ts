import { stepUpMinutes } from '../access/actor.ts'
import type { Router, Request, RequestHandler, Response } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../access/middleware.ts'
import type { Errors } from '../platform/result.ts'
import { firstName } from '../platform/person-names.ts'
import { hourOf } from '../platform/web/dates.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { redirectUnsaved } from '../platform/web/unsaved.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { changeOwnPasswordOnMobile } from '../auth/passwords/change-own-password.ts'
import { ChoiceForm } from '../auth/passwords/forms.ts'
import { choosePasswordFirst, passwordChangedText } from '../auth/passwords/routes.ts'
import type { PasswordServices } from '../auth/passwords/password-services.ts'
import { selectOptionalAccount } from '../people/queries.ts'
import { selectDevices } from '../auth/sessions/devices/queries.ts'
import { regenerateSession } from '../auth/sessions/store/session-store.ts'
import { strictRouter } from '../platform/web/router.ts'

/** The mobile home page of fieldworkers. */
export function mobileRoutes({ db }: PasswordServices): Router {
  const router = strictRouter()

  router.get('/m', async (req, res) => {
    const { id, name, teamName } = actorOf(req)
    const { name: company, timeZone } = res.locals.company as { name: string; timeZone: string }
    const user = await selectOptionalAccount(db, id)
    renderPage(res, 'mobile/home', {
      title: 'Home',
      layout: 'mobile',
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

/** Office staff change their password on the page that asks for the old one. */
const fieldworkersOnly: RequestHandler = (req, res, next) => {
  if (actorOf(req).role.kind === 'fieldworker') return next()
  redirectUnsaved(req, res, '/account/password')
}

/** Change password on mobile: it does not ask for the old one, but needs it entered in this session a short while ago. */
export function mobilePasswordRoutes(services: PasswordServices): Router {
  const router = strictRouter()

  router.get('/m/password', fieldworkersOnly, async (req, res) => {
    if (requireRecentPassword(req, res, undefined, stepUpMinutes.mobile))
      await passwordPage(services, req, res)
  })

  router.post('/m/password', fieldworkersOnly, async (req, res) => {
    if (!requireRecentPassword(req, res, undefined, stepUpMinutes.mobile)) return
    const form = parseForm(ChoiceForm, req.body)
    if (!form.ok) return passwordPage(services, req, res, form.errors)
    const changed = await changeOwnPasswordOnMobile(services, contextOf(req), form.value)
    if (!changed.ok) return passwordPage(services, req, res, changed.errors)
    await regenerateSession(req)
    flash(req, 'Your password is changed', passwordChangedText(req))
    res.redirect(303, '/m')
  })

  return router
}

async function passwordPage(
  { db, loadCompany }: PasswordServices,
  req: Request,
  res: Response,
  errors?: Errors,
) {
  const { id, secondsSinceReauth, mustChangePassword: forced } = actorOf(req)
  const locals = {
    forced,
    minLength: (await loadCompany()).passwordMinLength,
    minutesAgo: Math.floor(secondsSinceReauth / 60),
    otherDevices: (await selectDevices(db, id)).length - 1,
    errors: errors ?? {},
    unsavedText: choosePasswordFirst,
  }
  renderPage(
    res,
    'mobile/password',
    { title: 'Change password', layout: 'mobile', ...locals },
    errors ? 422 : 200,
  )
}
