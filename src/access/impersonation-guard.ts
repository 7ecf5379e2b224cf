import type { RequestHandler } from 'express'
import { Forbidden } from '../platform/web/errors.ts'
import type { Actor } from './actor.ts'

/**
 * The only POST requests allowed during impersonation: the ways out, and an action that touches no credential.
 * A new route is denied until it is listed here.
 */
const allowedPosts = ['/impersonation/end', '/sign-out', '/fieldworkers/new']

/** Pages whose forms change the account or its credentials. During impersonation even GET is denied. */
const accountPages =
  /^\/(account\/(?!activity$)|(m\/password|confirm-password|(forgot|reset)-password|verify-email|invitation)(\/|$))/

/** What is denied during impersonation. It runs before every route. Who may start one: `can` in can.ts. */
export const denyWhileImpersonating: RequestHandler = ({ actor, method, path }, _res, next) => {
  if (!actor?.impersonator) return next()
  const isRead = method === 'GET' || method === 'HEAD'
  next(
    (isRead ? !accountPages.test(path) : allowedPosts.includes(path))
      ? undefined
      : impersonationDenied(actor),
  )
}

export const impersonationDenied = ({ name }: Actor): Forbidden =>
  new Forbidden({
    heading: `This isn’t available while you’re logged in as ${name}`,
    message:
      'Passwords, email, devices, roles and anything that asks for a password are available only in your own account. Nothing was changed.',
    advice: 'Select “Return to my account” at the top, then try again.',
  })
