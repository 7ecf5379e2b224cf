import type { Router, Request, Response } from 'express'
import { requireCompanyPermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm, soundPart } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { CompanyForm } from './forms.ts'
import { knownTimeZones, updateCompanySettings, timeZoneError } from './update-company.ts'

const path = '/settings/company/profile'

/** The name and the time zone of the company. */
export function companyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('settings.manage')

  router.get(path, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await companyPage(db, defaults, req, res)
  })

  router.post(path, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(CompanyForm, req.body)
    if (!form.ok) {
      const { timeZone } = soundPart(CompanyForm, req.body)
      return companyPage(db, defaults, req, res, { ...(await timeZoneError(db, timeZone)), ...form.errors })
    }
    const saved = await updateCompanySettings(db, contextOf(req), defaults, form.value)
    if (!saved.ok) return companyPage(db, defaults, req, res, saved.errors)
    flash(req, 'The company is saved', `Pages and emails now say ${form.value.name}.`)
    res.redirect(303, path)
  })

  return router
}

async function companyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const saved = await selectCompany(db, defaults)
  const typed = errors ? (req.body as { name?: unknown; timeZone?: unknown }) : saved
  const locals = { name: typed.name, timeZone: typed.timeZone, timeZones: byArea(await knownTimeZones(db)) }
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
