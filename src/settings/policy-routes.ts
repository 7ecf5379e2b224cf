import type { Router, Request, Response } from 'express'
import { requireCompanyPermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { policyForm, Version } from './forms.ts'
import { bounds, recommendedLength, type Change } from './policy.ts'
import { updateSecurityPolicy } from './update-policy.ts'

const path = '/settings/company/security'

/** The security policy of the company: the rules for passwords, and how long people stay signed in. */
export function policyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('settings.manage')

  router.get(path, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await policyPage(db, defaults, req, res)
  })

  router.post(path, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(policyForm(defaults.passwordMinLength), req.body)
    if (!form.ok) return policyPage(db, defaults, req, res, form.errors)
    const version = Version.parse((req.body as Record<string, unknown>).version)
    const saved = await updateSecurityPolicy(db, contextOf(req), defaults, version, form.value)
    if (!saved.ok) return policyPage(db, defaults, req, res, saved.errors)
    flash(req, ...successMessage(saved.value))
    res.redirect(303, path)
  })

  return router
}

async function policyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const company = await selectCompany(db, defaults)
  const saved = { ...company, contextWords: company.contextWords.join('\n') }
  const [typed, { policyVersion }] = [req.body as Record<string, unknown>, saved]
  renderPage(
    res,
    'settings/security',
    {
      title: 'Security',
      bounds,
      recommendedLength,
      errors: errors ?? {},
      length: company.passwordMinLength,
      minLength: Math.max(bounds.passwordMinLength.min, defaults.passwordMinLength),
      // Shows the submitted values again. Browsers do not send a box that is not checked.
      policy: errors ? { ...saved, lastingPasswordsAllowed: false, ...typed, policyVersion } : saved,
    },
    errors ? 422 : 200,
  )
}

function successMessage(changes: Change[]): [title: string, text: string] {
  if (changes.length === 0) return ['No changes to save', 'Nothing was changed.']
  const list = changes.map(({ setting, after }) => `${setting}: ${after}`).join('; ')
  return ['The policy is saved', `From now on: ${list}.`]
}
