import type { Router, Request, Response } from 'express'
import { allowedForAll, by, provenWithin } from '../access/guard.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { policyForm, Version } from './forms.ts'
import { bounds, recommendedLength, type Change } from './policy.ts'
import { setPolicy } from './set-policy.ts'

const stepUpMinutes = 30
const here = '/settings/company/security'

/** The security policy of the company: what passwords must be, and how long people stay signed in. */
export function policyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = exactRouter()
  const guard = allowedForAll('settings.manage')

  router.get(here, guard, async (req, res) => {
    if (provenWithin(stepUpMinutes, req, res)) await policyPage(db, defaults, req, res)
  })

  router.post(here, guard, async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res)) return
    const form = read(policyForm(defaults.passwordMinLength), req.body)
    if (!form.ok) return policyPage(db, defaults, req, res, form.errors)
    const seen = Version.parse((req.body as Record<string, unknown>).version)
    const outcome = await setPolicy(db, by(req), defaults, seen, form.value)
    if (!outcome.ok) return policyPage(db, defaults, req, res, outcome.errors)
    flash(req, ...whatFollows(outcome.value))
    res.redirect(303, here)
  })

  return router
}

async function policyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const company = await selectCompany(db, defaults)
  const saved = { ...company, contextWords: company.contextWords.join('\n') }
  const [typed, { policyVersion }] = [req.body as Record<string, unknown>, saved]
  page(
    res,
    'settings/security',
    {
      title: 'Security',
      ...{ bounds, recommendedLength, errors: errors ?? {}, length: company.passwordMinLength },
      floor: Math.max(bounds.passwordMinLength.least, defaults.passwordMinLength),
      // What was typed is shown again; an unticked box is not sent at all.
      policy: errors ? { ...saved, lastingPasswordsAllowed: false, ...typed, policyVersion } : saved,
    },
    errors ? 422 : 200,
  )
}

function whatFollows(changes: Change[]): [title: string, text: string] {
  if (changes.length === 0) return ['The policy is as it was', 'Nothing was changed.']
  const told = changes.map(({ setting, after }) => `${setting}: ${after}`).join('; ')
  return ['The policy is saved', `From now on: ${told}.`]
}
