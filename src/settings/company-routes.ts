import type { Router, Request, Response } from 'express'
import { allowedForAll, by, provenWithin } from '../access/guard.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read, soundPart } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { CompanyForm } from './forms.ts'
import { knownTimeZones, setCompany, timeZoneFault } from './set-company.ts'

const stepUpMinutes = 30
const here = '/settings/company/profile'

/** What the company is called, and by which clock it works. */
export function companyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = exactRouter()
  const guard = allowedForAll('settings.manage')

  router.get(here, guard, async (req, res) => {
    if (provenWithin(stepUpMinutes, req, res)) await companyPage(db, defaults, req, res)
  })

  router.post(here, guard, async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res)) return
    const form = read(CompanyForm, req.body)
    if (!form.ok) {
      const { timeZone } = soundPart(CompanyForm, req.body)
      return companyPage(db, defaults, req, res, { ...(await timeZoneFault(db, timeZone)), ...form.errors })
    }
    const outcome = await setCompany(db, by(req), defaults, form.value)
    if (!outcome.ok) return companyPage(db, defaults, req, res, outcome.errors)
    flash(req, 'The company is saved', `Pages and mails say ${form.value.name} from now on.`)
    res.redirect(303, here)
  })

  return router
}

async function companyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const saved = await selectCompany(db, defaults)
  const typed = errors ? (req.body as { name?: unknown; timeZone?: unknown }) : saved
  const locals = { name: typed.name, timeZone: typed.timeZone, timeZones: byArea(await knownTimeZones(db)) }
  page(res, 'settings/company', { title: 'Company', ...locals, errors: errors ?? {} }, errors ? 422 : 200)
}

/** Europe/Lisbon stands under Europe; what names no area stands first. */
function byArea(timeZones: string[]): { area: string; zones: string[] }[] {
  const areas = new Map<string, string[]>()
  for (const zone of timeZones) {
    const area = zone.includes('/') ? (zone.split('/')[0] ?? '') : ''
    areas.set(area, [...(areas.get(area) ?? []), zone])
  }
  return [...areas].map(([area, zones]) => ({ area, zones }))
}
