import type { RequestHandler } from 'express'
import { Forbidden } from '../platform/web/errors.ts'
import type { Actor } from './actor.ts'

/**
 * All that can be posted while somebody works as another: the ways out, and what hangs on nobody's key. Whatever is
 * added to the app is shut to them until it stands here.
 */
const allowedPosts = ['/impersonation/end', '/sign-out', '/fieldworkers/new']

/** Pages about how one gets in: shut even to look at, since all that is on them is shut. */
const credentialPages =
  /^\/(account\/(password|email|sessions)|m\/password|confirm-password|(forgot|reset)-password|verify-email|invitation)(\/|$)/

/** The one rule of what is shut while somebody works as another, asked of every door before it opens. */
export const denyWhileImpersonating: RequestHandler = ({ actor, method, path }, _res, next) => {
  if (!actor?.impersonator) return next()
  const looking = method === 'GET' || method === 'HEAD'
  next(
    (looking ? !credentialPages.test(path) : allowedPosts.includes(path))
      ? undefined
      : impersonationDenied(actor),
  )
}

/** Why it is shut, and the way back. */
export const impersonationDenied = ({ name }: Actor): Forbidden =>
  new Forbidden({
    heading: `This is closed while you work as ${name}`,
    message:
      'Password, email, devices, roles and whatever asks for a password stay closed until you are back in your own account. Nothing was changed.',
    advice: 'Press “Return to my account”, at the top, to go on in your own name.',
  })
