import { action } from '../access/action.ts'
import type { Router, Request, Response } from 'express'
import { requireCompanyPermission, requireRecentPassword } from '../access/middleware.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { textsOf } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { policyForm, Version } from './forms.ts'
import { bounds, recommendedLength, type Change } from './policy.ts'
import { updateSecurityPolicy } from './update-policy.ts'

declare global {
  interface Views {
    'settings/security': {
      bounds: typeof bounds
      recommendedLength: number
      /** The shortest password: now, and the least that can be set. */
      length: number
      minLength: number
      policy: Record<keyof typeof bounds | 'contextWords', string | number> & {
        lastingPasswordsAllowed: boolean
        callerCheck: string
        policyVersion: number
      }
    }
  }
}

const path = '/settings/company/security'

/** The security policy of the company: the rules for passwords, and how long people stay signed in. */
export function policyRoutes({ db, defaults }: { db: Db; defaults: CompanyDefaults }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('settings.manage')

  router.get(path, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await policyPage(db, defaults, req, res)
  })

  router.post(
    path,
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      form: policyForm(defaults.passwordMinLength),
      showErrors: ({ req, res }, errors) => policyPage(db, defaults, req, res, errors),
      run: ({ by, typed, form }) =>
        updateSecurityPolicy(db, by, defaults, Version.parse(typed.version), form),
      flash: ({ value }) => successMessage(value),
      redirect: path,
    }),
  )
  return router
}

async function policyPage(db: Db, defaults: CompanyDefaults, req: Request, res: Response, errors?: Errors) {
  const company = await selectCompany(db, defaults)
  const saved = { ...company, contextWords: company.contextWords.join('\n') }
  const typed = errors ? textsOf(req.body) : undefined
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
      policy: typed
        ? {
            ...saved,
            ...typed,
            lastingPasswordsAllowed: 'lastingPasswordsAllowed' in typed,
            callerCheck: typed.callerCheck ?? 'off',
            policyVersion: saved.policyVersion,
          }
        : saved,
    },
    errors ? 422 : 200,
  )
}

function successMessage(changes: Change[]): [title: string, text: string] {
  if (changes.length === 0) return ['No changes to save', 'Nothing was changed.']
  const list = changes.map(({ setting, after }) => `${setting}: ${after}`).join('; ')
  return ['The policy is saved', `From now on: ${list}.`]
}
