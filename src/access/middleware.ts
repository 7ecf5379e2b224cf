import type { Request, RequestHandler, Response } from 'express'
import type { Tx } from '../platform/db.ts'
import { NotFound, Forbidden } from '../platform/web/errors.ts'
import { withNext, safePath } from '../platform/web/safe-redirect.ts'
import { mayHoldSecret } from '../platform/web/request-target.ts'
import { hasPermission, stepUpMinutes, type Actor, type RequestContext } from './actor.ts'
import type { Permission } from './permissions.ts'
import { impersonationDenied } from './impersonation-guard.ts'

/** A fieldworker with a phone's browser is at home on the phone surface. */
export const isMobile = (req: Request): boolean =>
  req.actor?.role.kind === 'fieldworker' && (req.get('user-agent') ?? '').includes('Mobi')

/** The line between the doors open to everyone and all others. */
export const requireSignIn: RequestHandler = (req, res, next) => {
  if (req.actor) return next()
  if (req.formPage !== undefined) return res.redirect(303, signInAgain(req.formPage))
  const comeBack = req.method === 'GET' && req.originalUrl !== '/' && !mayHoldSecret(req)
  res.redirect(303, comeBack ? withNext('/sign-in', req.originalUrl) : '/sign-in')
}

/** Where a form was sent and nobody is signed in: the sign-in page says that nothing was done, and leads back to it. */
const signInAgain = (formPage: string) => `${withNext('/sign-in', safePath(formPage))}&unsaved=1`

/** A temporary or an expired password opens only the page on which it is replaced (NIST SP 800-63B-4 §3.1.1.1). */
export const requireOwnPassword: RequestHandler = (req, res, next) => {
  if (isMobile(req) && req.path === '/confirm-password') return next() // the phone asks for it before the change
  if (actorOf(req).mustChangePassword)
    return res.redirect(303, isMobile(req) ? '/m/password' : '/account/password')
  next()
}

/** For deeds on nobody in particular, asked anew where they are done. */
export function assertPermission(actor: Actor, permission: Permission): void {
  if (!hasPermission(actor, permission)) throw permissionDenied(actor)
}

export function requirePermission(permission: Permission): RequestHandler {
  return (req, _res, next) => {
    const actor = actorOf(req)
    next(hasPermission(actor, permission) ? undefined : permissionDenied(actor))
  }
}

/** What touches the whole company asks for a role that reaches all of it. */
export function assertCompanyPermission(actor: Actor, permission: Permission): void {
  if (!hasPermission(actor, permission) || actor.role.scope !== 'company') throw permissionDenied(actor)
}

export function requireCompanyPermission(permission: Permission): RequestHandler {
  return (req, _res, next) => {
    assertCompanyPermission(actorOf(req), permission)
    next()
  }
}

/** Asks the same again under lock; the room that knows sessions does it, and rooms below are handed it. */
export type StillForAll = (tx: Tx, by: RequestContext<Actor>, permission: Permission) => Promise<void>

/**
 * Step-up: deeds on other people's credentials want the password entered within the last `minutes` (ASVS 7.5.3).
 * When it is longer ago the person is sent to enter it, then `back`, and the caller has nothing more to do. What was
 * posted is not kept, and they are told so. With script proof.js asks for the password before it is posted. Whoever
 * works as somebody else cannot enter that person's password, so to them all of it is closed.
 */
export function requireRecentPassword(
  req: Request,
  res: Response,
  back = backTo(req),
  minutes = stepUpMinutes.desk,
): boolean {
  const actor = actorOf(req)
  if (actor.impersonator) throw impersonationDenied(actor)
  if (actor.secondsSinceReauth <= minutes * 60) return true
  if (req.method === 'POST') req.session.interrupted = { next: back, typed: back.split('?')[0] === req.path }
  else delete req.session.interrupted
  res.redirect(303, withNext('/confirm-password', back))
  return false
}

const backTo = (req: Request) => (req.method === 'GET' ? req.originalUrl : req.path)

export function actorOf(req: Request): Actor {
  if (!req.actor) throw new NotFound()
  return req.actor
}

/** Who asks, and from where, for the record. */
export function contextOf(req: Request, actor = actorOf(req)): RequestContext<Actor> {
  return { ...anonymousContext(req), actor, impersonator: actor.impersonator }
}

/** Where a request comes from, whoever makes it. */
export function anonymousContext(req: Request): RequestContext<null> {
  const userAgent = req.get('user-agent')?.slice(0, 400) ?? null
  return {
    actor: null,
    ip: req.ip ?? null,
    userAgent,
    requestId: req.reference,
  }
}

const permissionDenied = ({ name, role, impersonator }: Actor) =>
  new Forbidden({
    heading: 'This is not open to you',
    message: impersonator
      ? `You work as ${name}, whose role, ${role.name}, does not include it. Nothing was changed.`
      : `Your role, ${role.name}, does not include it. Nothing was changed.`,
    advice: impersonator
      ? 'Press “Return to my account”, at the top, to do it in your own name.'
      : `If you need it for your work, ask ${role.name === 'Admin' ? 'an Owner' : 'an Admin'}.`,
  })
