import type { Request, Response } from 'express'
import { flash } from './flash.ts'
import { typedFields, type Fields } from './form.ts'
import { isLive } from './request-log.ts'

/**
 * A form that is not carried out because another page comes first, such as one that asks for the password. `typed`
 * fields are entered again; a button is only selected again.
 */
export type Unsaved = 'typed' | 'button'

const parameter = 'unsaved'
const values: Record<Unsaved, string> = { typed: '1', button: 'button' }
/** The most pages for which a session remembers it. */
const most = 20

/** What buttons send by themselves: nothing that a person would have to enter again. */
const sentByButtons = new Set(
  '_csrf unsaved next returnTo status action ids all list q team verified state audience to version category id seen'.split(
    ' ',
  ),
)

/**
 * The one way for a guard to answer with another page, which comes first. After a form, that page says that nothing
 * was changed. It is remembered for each page, so that another tab neither takes the message away nor shows it.
 */
export function redirectUnsaved(req: Request, res: Response, to: string): void {
  const unsaved = unsavedOf(req)
  if (unsaved) remember(req, to, unsaved)
  else if (req.method === 'GET') forget(req, to)
  res.redirect(303, to)
}

/** The same where there is no session any more: the address of the sign-in page says so. */
export function redirectToSignIn(req: Request, res: Response, to: string): void {
  const unsaved = unsavedOf(req)
  const value = unsaved && `${parameter}=${values[unsaved]}`
  res.redirect(303, value ? `${to}${to.includes('?') ? '&' : '?'}${value}` : to)
}

/** For a page that is shown at once in place of carrying out a form. */
export function showUnsaved(req: Request): void {
  const unsaved = unsavedOf(req)
  if (unsaved) req.unsaved = unsaved
}

/** Whether this page comes before a form that was sent. It is said once, and again if the page's own form is wrong. */
export function takeUnsaved(req: Request, page = req.path): Unsaved | undefined {
  const unsaved = peekUnsaved(req, page)
  if (req.method !== 'HEAD' && !isLive(req)) forget(req, page)
  return unsaved
}

/** The same, to be said until the page is done with. */
export function peekUnsaved(req: Request, page: string): Unsaved | undefined {
  const unsaved = carriedUnsaved(req) ?? remembered(req, page)
  if (unsaved) req.unsaved = unsaved
  return unsaved
}

/** What the form or the address of this page holds. */
export function carriedUnsaved(req: Request): Unsaved | undefined {
  const carried = bodyOf(req)[parameter] ?? req.query[parameter]
  return carried === undefined ? req.unsaved : kindOf(carried)
}

/** The value of the hidden field that keeps it until its page is done with. */
export const unsavedField = ({ unsaved }: Request): string | undefined => unsaved && values[unsaved]

/** Says on the page of the form what to do, unless that page comes first itself and says it. */
export function flashUnsaved(req: Request, page: string, unsaved: Unsaved | undefined, why: string): void {
  if (!unsaved || remembered(req, page.split('?')[0] ?? '')) return
  const title = `Nothing was changed. ${unsaved === 'typed' ? 'Enter it again.' : 'Do it again.'}`
  flash(req, title, `${why}, and what you had entered was not kept.`, { kind: 'warn' })
}

function remember(req: Request, page: string, unsaved: Unsaved): void {
  if (!req.actor && req.session.csrfSecret === undefined) return // nothing is stored for strangers
  const others = Object.entries(req.session.unsaved ?? {}).filter(([other]) => other !== page)
  req.session.unsaved = Object.fromEntries([...others, [page, unsaved] as const].slice(-most))
}

function forget({ session }: Request, page: string): void {
  if (!session?.unsaved) return
  const others = Object.entries(session.unsaved).filter(([other]) => other !== page)
  if (others.length > 0) session.unsaved = Object.fromEntries(others)
  else delete session.unsaved
}

const remembered = ({ session }: Request, page: string): Unsaved | undefined => session?.unsaved?.[page]

/** The form that this request does not carry out, or one before it. */
function unsavedOf(req: Request): Unsaved | undefined {
  const carried = carriedUnsaved(req) ?? remembered(req, req.path)
  const { staleForm } = req
  if (carried) return carried
  if (staleForm) return formKind(staleForm.action, req.formPage?.(), staleForm.typed)
  const isForm = !['GET', 'HEAD', 'OPTIONS'].includes(req.method)
  return isForm ? formKind(req.path, req.formPage?.(), bodyOf(req)) : undefined
}

/** A form on a page of its own has fields that people fill in. */
function formKind(action: string, formPage = '', body: Record<string, unknown>): Unsaved {
  const hasOwnPage = formPage.split('?')[0] === action
  return hasOwnPage || Object.keys(body).some((name) => !sentByButtons.has(name)) ? 'typed' : 'button'
}

const kindOf = (value: unknown): Unsaved => (value === values.button ? 'button' : 'typed')
const bodyOf = (req: Request): Fields => typedFields(req.body)
