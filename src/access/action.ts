import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Errors, Result } from '../platform/result.ts'
import { flash, type FlashText } from '../platform/web/flash.ts'
import { parseForm, typedFields, type Fields } from '../platform/web/form.ts'
import { stepUpMinutes, type Actor, type RequestContext } from './actor.ts'
import {
  actorOf,
  assertCompanyPermission,
  assertPermission,
  contextOf,
  requireRecentPassword,
} from './middleware.ts'
import type { Permission } from './permissions.ts'

/** What the actor needs. `target` means that the target of the action is found only with this permission. */
type Needed = { any: Permission } | { company: Permission } | { target: Permission } | 'own account'

/** A submitted form, with who sent it and what it is about. */
interface Submitted<Target> {
  req: Request
  res: Response
  actor: Actor
  by: RequestContext<Actor>
  target: Target
  /** The fields as typed, valid or not. */
  typed: Fields
}

type Valid<Target, Form> = Submitted<Target> & { form: Form }
type Done<Target, Form, Value> = Valid<Target, Form> & { value: Value }

/** Everything has to be said, so that nothing is forgotten: what an action does not have is null or `never`. */
interface Action<Target, Form, Value> {
  permission: Needed
  /** Finds what the action is about. Throws if it does not exist or the actor may not do this to it. */
  target: ((req: Request) => Promise<Target> | Target) | null
  /** How recently the password must have been entered. */
  stepUp: keyof typeof stepUpMinutes | 'never'
  /** The page to lead to after the password was entered, if a GET of the same address does not show the form. */
  back?: string | ((submitted: Submitted<Target>) => string)
  form: z.ZodType<Form> | ((submitted: Submitted<Target>) => z.ZodType<Form>) | null
  /** More errors of a form that is invalid, so that all are shown at once. */
  moreErrors?: (submitted: Submitted<Target>) => Promise<Errors>
  /** Shows the page again with the errors and what was typed. Null if the action is never refused. */
  showErrors: ((submitted: Submitted<Target>, errors: Errors) => unknown) | null
  run: (valid: Valid<Target, Form>) => Promise<Result<Value>>
  /** The message on the next page. */
  flash: ((done: Done<Target, Form, Value>) => FlashText | null) | null
  /** Where it leads. `show` answers with a page instead: for what is shown once and stored nowhere. */
  redirect:
    | string
    | ((done: Done<Target, Form, Value>) => string)
    | { show: (done: Done<Target, Form, Value>) => unknown }
}

/**
 * The handler of a form: permission, target, recent password, form, action, message, redirect, in this order. The action
 * itself authorizes again under lock.
 */
export function action<Target = null, Form = null, Value = void>(
  the: Action<Target, Form, Value>,
): RequestHandler {
  const handler: RequestHandler = async (req, res) => {
    const actor = actorOf(req)
    assertNeeded(actor, the.permission)
    const target = (await the.target?.(req)) as Target
    const reauthMinutes = the.stepUp === 'never' ? undefined : stepUpMinutes[the.stepUp]
    const by = { ...contextOf(req), reauthMinutes }
    const submitted = { req, res, actor, by, target, typed: typedFields(req.body) }
    const back = typeof the.back === 'function' ? the.back(submitted) : the.back
    if (reauthMinutes !== undefined && !requireRecentPassword(req, res, back, reauthMinutes)) return
    const outcome = await validateAndRun(the, submitted)
    if (!outcome.ok) return showErrors(the, submitted, outcome.errors)
    const message = the.flash?.(outcome.value)
    if (message) flash(req, ...message)
    const { redirect } = the
    if (typeof redirect === 'object') return redirect.show(outcome.value)
    res.redirect(303, typeof redirect === 'string' ? redirect : redirect(outcome.value))
  }
  requirements.set(handler, { permission: the.permission, stepUp: the.stepUp })
  return handler
}

function showErrors<Target, Form, Value>(
  { showErrors: show }: Action<Target, Form, Value>,
  submitted: Submitted<Target>,
  errors: Errors,
) {
  if (!show) throw new Error(`${submitted.req.path} was refused, and has no page for it`)
  return show(submitted, errors)
}

async function validateAndRun<Target, Form, Value>(
  the: Action<Target, Form, Value>,
  submitted: Submitted<Target>,
): Promise<Result<Done<Target, Form, Value>>> {
  const schema = typeof the.form === 'function' ? the.form(submitted) : the.form
  const form = schema ? parseForm(schema, submitted.req.body) : { ok: true as const, value: null as Form }
  if (!form.ok) return { ok: false, errors: { ...(await the.moreErrors?.(submitted)), ...form.errors } }
  const valid = { ...submitted, form: form.value }
  const result = await the.run(valid)
  return result.ok ? { ok: true, value: { ...valid, value: result.value } } : result
}

function assertNeeded(actor: Actor, needed: Needed) {
  if (needed === 'own account') return
  if ('company' in needed) assertCompanyPermission(actor, needed.company)
  if ('any' in needed) assertPermission(actor, needed.any)
}

const requirements = new WeakMap<RequestHandler, { permission: Needed; stepUp: string }>()

/** What a handler requires, if it was made by `action`. */
export const requirementsOf = (handler: RequestHandler) => requirements.get(handler)
