import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { action } from '../../../access/action.ts'
import { asTarget } from '../../../access/actor.ts'
import { isMobile } from '../../../access/middleware.ts'
import type { UserRow } from '../../../people/queries.ts'
import type { Errors } from '../../../platform/result.ts'
import { returnPath, type Fields } from '../../../platform/web/form.ts'
import { strictRouter } from '../../../platform/web/router.ts'
import { withReturnTo } from '../../../platform/web/safe-redirect.ts'
import { findTarget, showChangePage, type PasswordPageServices } from '../admin-routes.ts'
import type { PasswordServices } from '../password-services.ts'
import { checkCallerCode, stateCallerOutcome } from './answer-check.ts'
import { callerFields, checkReason, statementOf } from './forms.ts'
import { callerCheckLimits } from './limits.ts'
import { refuseOwnCode } from './refuse-code.ts'
import { sendCallerCode } from './send-code.ts'

const AnswerForm = z.object({ ...callerFields, returnTo: returnPath }).superRefine(checkReason)

/** The office checks a caller before it changes their password. Each leads back to that form. */
export function callerCheckRoutes(services: PasswordPageServices): Router {
  const router = strictRouter()
  const limits = callerCheckLimits(services.db)
  const common = {
    permission: { target: 'passwords.change' as const },
    target: (req: Request) => findTarget(services, req),
    stepUp: 'desk' as const,
    back: ({ target, typed }: { target: UserRow; typed: Fields }) => formOf(target, typed),
    flash: null,
    redirect: ({ target, typed }: { target: UserRow; typed: Fields }) => formOf(target, typed),
  }
  const show = ({ res, target, typed }: Shown, errors: Errors) =>
    showChangePage(services, res, target, typed, errors)

  router.post(
    '/users/:id/caller-check',
    action({
      ...common,
      form: null,
      showErrors: show,
      run: ({ by, target }) => sendCallerCode(services, limits, by, asTarget(target)),
    }),
  )

  router.post(
    '/users/:id/caller-check/code',
    action({
      ...common,
      form: AnswerForm,
      showErrors: show,
      run: ({ by, target, form }) => {
        const statement = statementOf(form)
        return statement
          ? stateCallerOutcome(services, by, asTarget(target), statement)
          : checkCallerCode(services, limits, by, asTarget(target), form.code ?? '')
      },
    }),
  )

  return router
}

interface Shown {
  res: Response
  target: UserRow
  typed: Fields
}

const formOf = ({ id }: UserRow, { returnTo }: Fields) => withReturnTo(`/users/${id}/password`, returnTo)

/** The person whose code it is says that they are not on a call. */
export const ownCallerCodeRoutes = ({ db }: Pick<PasswordServices, 'db'>): Router =>
  strictRouter().post(
    '/account/caller-code/refuse',
    action({
      permission: 'own account',
      target: null,
      stepUp: 'never',
      form: null,
      showErrors: null,
      run: ({ by }) => refuseOwnCode(db, by),
      flash: ({ value: refused }) =>
        refused
          ? ['The code no longer works', 'Your office sees that you are not on a call. Tell nobody the code.']
          : ['No code waits for you', 'It was used, or it is too old. Nothing was changed.'],
      redirect: ({ req }) => (isMobile(req) ? '/m' : '/account'),
    }),
  )
