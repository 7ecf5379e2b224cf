import type { Request, RequestHandler, Response } from 'express'
import type { Tx } from '../platform/db.ts'
import { NotFound, Forbidden } from '../platform/web/errors.ts'
import { withNext, safePath } from '../platform/web/safe-redirect.ts'
import { redirectToSignIn, redirectUnsaved } from '../platform/web/unsaved.ts'
import { mayHoldSecret } from '../platform/web/request-target.ts'
import { hasPermission, stepUpMinutes, type Actor, type RequestContext } from './actor.ts'
import type { Permission } from './permissions.ts'
import { impersonationDenied } from './impersonation-guard.ts'

/** A fieldworker in a mobile browser sees the pages under /m. */
export const isMobile = (req: Request): boolean =>
  req.actor?.role.kind === 'fieldworker' && (req.get('user-agent') ?? '').includes('Mobi')

/** Everything after this middleware needs a sign-in. */
export const requireSignIn: RequestHandler = (req, res, next) => {
  if (req.actor) return next()
  const isOpened = req.method === 'GET' && req.originalUrl !== '/' && !mayHoldSecret(req)
  const page = req.formPage ? safePath(req.formPage()) : isOpened ? req.originalUrl : undefined
  redirectToSignIn(req, res, page === undefined ? '/sign-in' : withNext('/sign-in', afterStepUp(page)))
}

/** Who has just signed in need not enter the password again: the page that step-up leads to. */
function afterStepUp(page: string): string {
  const { pathname, searchParams } = new URL(page, 'http://x.invalid')
  return pathname === '/confirm-password' ? safePath(searchParams.get('next')) : page
}

/** A temporary or expired password opens only the page that changes it (NIST SP 800-63B-4 §3.1.1.1). */
export const requireOwnPassword: RequestHandler = (req, res, next) => {
  if (isMobile(req) && req.path === '/confirm-password') return next() // /m asks for it before the change
  if (actorOf(req).mustChangePassword)
    return redirectUnsaved(req, res, isMobile(req) ? '/m/password' : '/account/password')
  next()
}

/** For actions that have no target person. The action calls it again itself. */
export function assertPermission(actor: Actor, permission: Permission): void {
  if (!hasPermission(actor, permission)) throw permissionDenied(actor)
}

export function requirePermission(permission: Permission): RequestHandler {
  return (req, _res, next) => {
    const actor = actorOf(req)
    next(hasPermission(actor, permission) ? undefined : permissionDenied(actor))
  }
}

/** What affects the whole company needs a role with company scope. */
export function assertCompanyPermission(actor: Actor, permission: Permission): void {
  if (!hasPermission(actor, permission) || actor.role.scope !== 'company') throw permissionDenied(actor)
}

export function requireCompanyPermission(permission: Permission): RequestHandler {
  return (req, _res, next) => {
    assertCompanyPermission(actorOf(req), permission)
    next()
  }
}

/** Reauthorizes under lock. A later module implements it and passes it to modules before it. */
export type ReauthorizeCompany = (tx: Tx, by: RequestContext<Actor>, permission: Permission) => Promise<void>

/**
 * Step-up: some actions need the password entered within the last `minutes` (ASVS 7.5.3). If it was longer ago,
 * redirects to the page that asks for it, which then leads to `back`, and returns false. A posted form is not kept,
 * and the pages say so. With script, proof.js asks for the password before the form is posted. During impersonation
 * it always denies: the admin cannot enter that person’s password.
 */
export function requireRecentPassword(
  req: Request,
  res: Response,
  back = returnPathOf(req),
  minutes = stepUpMinutes.desk,
): boolean {
  const actor = actorOf(req)
  if (actor.impersonator) throw impersonationDenied(actor)
  req.reauthMinutes = minutes
  if (actor.secondsSinceReauth <= minutes * 60) return true
  redirectUnsaved(req, res, withNext('/confirm-password', back))
  return false
}

const returnPathOf = (req: Request) => (req.method === 'GET' ? req.originalUrl : req.path)

export function actorOf(req: Request): Actor {
  if (!req.actor) throw new NotFound()
  return req.actor
}

/** Who makes the request, and from where, for the log. */
export function contextOf(req: Request, actor = actorOf(req)): RequestContext<Actor> {
  const { reauthMinutes } = req
  return { ...anonymousContext(req), actor, impersonator: actor.impersonator, reauthMinutes }
}

/** The context of a request without its actor. */
export function anonymousContext(req: Request): RequestContext<null> {
  const userAgent = req.get('user-agent')?.slice(0, 400) ?? null
  return {
    actor: null,
    ip: req.ip ?? null,
    userAgent,
    requestId: req.reference,
  }
}

export const permissionDenied = ({ name, role, impersonator }: Actor) =>
  new Forbidden({
    heading: 'You don’t have access to this page',
    message: impersonator
      ? `You’re logged in as ${name}, and the role ${role.name} does not include it. Nothing was changed.`
      : `Your role, ${role.name}, does not include it. Nothing was changed.`,
    advice: impersonator
      ? 'Select “Return to my account” at the top, then try again.'
      : `If you need access, ask ${role.name === 'Admin' ? 'an Owner' : 'an Admin'}.`,
  })
