import { action } from '../access/action.ts'
import type { Router, Request, Response } from 'express'
import { requireCompanyPermission, requireRecentPassword } from '../access/middleware.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { soundPart, typedFields, textOf } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { CompanyForm } from './forms.ts'
import { knownTimeZones, updateCompanySettings, timeZoneError } from './update-company.ts'

declare global {
  interface Views {
    'settings/company': { name: string; timeZone: string; timeZones: ReturnType<typeof byArea> }
  }
}

const path = '/settings/company/profile'

/** The name and the time zone of the company. */
export function companyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('settings.manage')

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
  return router
}

async function companyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const saved = await selectCompany(db, defaults)
  const typed = errors ? typedFields(req.body) : saved
  const locals = {
    name: textOf(typed.name),
    timeZone: textOf(typed.timeZone),
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
