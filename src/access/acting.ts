import type { RequestHandler } from 'express'
import { Refused } from '../foundation/web/errors.ts'
import type { Actor } from './actor.ts'

/**
 * All that can be posted while somebody works as another: the ways out, and what hangs on nobody's key. Whatever is
 * added to the app is shut to them until it stands here.
 */
const open = ['/impersonation/end', '/sign-out', '/fieldworkers/new']

/** Pages about how one gets in: shut even to look at, since all that is on them is shut. */
const keyPages =
  /^\/(account\/(password|email|sessions)|m\/password|confirm-password|(forgot|reset)-password|verify-email|invitation)(\/|$)/

/** The one rule of what is shut while somebody works as another, asked of every door before it opens. */
export const shutWhileActing: RequestHandler = ({ actor, method, path }, _res, next) => {
  if (!actor?.impersonator) return next()
  const looking = method === 'GET' || method === 'HEAD'
  next((looking ? !keyPages.test(path) : open.includes(path)) ? undefined : closedTo(actor))
}

/** Why it is shut, and the way back. */
export const closedTo = ({ name }: Actor): Refused =>
  new Refused({
    heading: `This is closed while you work as ${name}`,
    message:
      'Password, email, devices, roles and whatever asks for a password stay closed until you are back in your own account. Nothing was changed.',
    advice: 'Press “Return to my account”, at the top, to go on in your own name.',
  })
