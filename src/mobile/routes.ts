import { action } from '../access/action.ts'
import { stepUpMinutes, type Actor } from '../access/actor.ts'
import type { Router, Request, RequestHandler, Response } from 'express'
import { actorOf, requireRecentPassword } from '../access/middleware.ts'
import type { Errors } from '../platform/result.ts'
import { firstName } from '../platform/person-names.ts'
import { hourOf } from '../platform/web/dates.ts'
import { redirectUnsaved } from '../platform/web/unsaved.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { changeOwnPasswordOnMobile } from '../auth/passwords/change-own-password.ts'
import { ChoiceForm } from '../auth/passwords/forms.ts'
import { choosePasswordFirst, passwordChangedText } from '../auth/passwords/routes.ts'
import type { PasswordServices } from '../auth/passwords/password-services.ts'
import type { CallerCode, LoadCallerCode } from '../people/caller-code.ts'
import { selectOptionalAccount } from '../people/queries.ts'
import { selectDevices } from '../auth/sessions/devices/queries.ts'
import { regenerateSession } from '../auth/sessions/store/session-store.ts'
import { strictRouter } from '../platform/web/router.ts'

declare global {
  interface Views {
    'mobile/home': {
      actor: Actor
      greeting: string
      place: string
      passwordChangedAt: Date | null
      lastSignInAt: Date | null
      deviceCount: number
      callerCode: CallerCode | null
    }
    'mobile/password': {
      actor: Actor
      forced: Actor['mustChangePassword']
      minLength: number
      minutesAgo: number
      otherDevices: number
    }
  }
}

type MobileServices = PasswordServices & { loadCallerCode: LoadCallerCode }

/** The mobile home page of fieldworkers. */
export function mobileRoutes({ db, loadCallerCode }: MobileServices): Router {
  const router = strictRouter()

  router.get('/m', async (req, res) => {
    const actor = actorOf(req)
    const { id, name, teamName } = actor
    const { name: company, timeZone } = res.locals.company
    const [user, callerCode] = await Promise.all([selectOptionalAccount(db, id), loadCallerCode(actor)])
    renderPage(res, 'mobile/home', {
      title: 'Home',
      layout: 'mobile',
      actor,
      greeting: `${greetingAt(hourOf(new Date(), timeZone))}, ${firstName(name)}`,
      place: [company, teamName].filter(Boolean).join(', '),
      passwordChangedAt: user?.password_changed_at ?? null,
      lastSignInAt: user?.last_sign_in_at ?? null,
      deviceCount: user?.devices ?? 0,
      callerCode,
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

  router.post(
    '/m/password',
    fieldworkersOnly,
    action({
      permission: 'own account',
      target: null,
      stepUp: 'mobile',
      form: ChoiceForm,
      showErrors: ({ req, res }, errors) => passwordPage(services, req, res, errors),
      run: async ({ req, by, form }) => {
        const changed = await changeOwnPasswordOnMobile(services, by, form)
        if (changed.ok) await regenerateSession(req)
        return changed
      },
      flash: ({ req }) => ['Your password is changed', passwordChangedText(req)],
      redirect: '/m',
    }),
  )
  return router
}

async function passwordPage(
  { db, loadCompany }: PasswordServices,
  req: Request,
  res: Response,
  errors?: Errors,
) {
  const actor = actorOf(req)
  const { id, secondsSinceReauth, mustChangePassword: forced } = actor
  const locals = {
    actor,
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
