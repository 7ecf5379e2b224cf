import { action } from '../access/action.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Router, Request, Response } from 'express'
import {
  actorOf,
  permissionDenied,
  requireCompanyPermission,
  requireRecentPassword,
} from '../access/middleware.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { soundPart, typedFields, textOf } from '../platform/web/form.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { CompanyForm } from './forms.ts'
import { settingsTabs } from './tabs.ts'
import { sendTestEmail, testEmailLimit } from './send-test-email.ts'
import { newestTestEmail, type TestEmailView } from './test-email-view.ts'
import { knownTimeZones, updateCompanySettings, timeZoneError } from './update-company.ts'

declare global {
  interface Views {
    'settings/company': {
      name: string
      timeZone: string
      officePhone: string
      timeZones: ReturnType<typeof byArea>
      to: string
      testEmail: TestEmailView | null
    }
  }
}

const path = '/settings/company/profile'

/** The name, the time zone and the phone number of the company, and a test email. */
export function companyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('settings.manage')

  for (const start of ['/settings', '/settings/company'])
    router.get(start, (req, res) => {
      const [first] = settingsTabs(actorOf(req))
      if (!first) throw permissionDenied(actorOf(req))
      res.redirect(303, first.href)
    })

  router.get(path, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await companyPage(db, defaults, req, res)
  })

  router.post(
    path,
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      form: CompanyForm,
      moreErrors: ({ req }) => timeZoneError(db, soundPart(CompanyForm, req.body).timeZone),
      showErrors: ({ req, res }, errors) => companyPage(db, defaults, req, res, errors),
      run: ({ by, form }) => updateCompanySettings(db, by, defaults, form),
      flash: ({ form }) => ['The company is saved', `Pages and emails now say ${form.name}.`],
      redirect: path,
    }),
  )

  const limit = testEmailLimit(db)
  router.post(
    '/settings/company/test-email',
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      back: path,
      form: null,
      showErrors: null,
      run: ({ by }) => sendTestEmail(db, limit, by),
      flash: ({ actor }) => ['A test email is on its way', `It goes to ${writtenAddress(actor.email)}.`],
      redirect: `${path}#test-email`,
    }),
  )
  return router
}

async function companyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const actor = actorOf(req)
  const saved = await selectCompany(db, defaults)
  const typed = errors ? typedFields(req.body) : saved
  const locals = {
    name: textOf(typed.name),
    timeZone: textOf(typed.timeZone),
    officePhone: textOf(typed.officePhone),
    to: actor.email,
    testEmail: await newestTestEmail(db, actor, timeZoneOf(res)),
    timeZones: byArea(await knownTimeZones(db)),
  }
  renderPage(
    res,
    'settings/company',
    { title: 'Company', ...locals, errors: errors ?? {} },
    errors ? 422 : 200,
  )
}

/** Groups time zones: Europe/Lisbon under Europe, and those without an area first. */
function byArea(timeZones: string[]): { area: string; zones: string[] }[] {
  const areas = new Map<string, string[]>()
  for (const zone of timeZones) {
    const area = zone.includes('/') ? (zone.split('/')[0] ?? '') : ''
    areas.set(area, [...(areas.get(area) ?? []), zone])
  }
  return [...areas].map(([area, zones]) => ({ area, zones }))
}
