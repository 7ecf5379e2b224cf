import type { Request, Response } from 'express'
import { giveSecret } from '../../platform/web/csrf.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { redirectUnsaved } from '../../platform/web/unsaved.ts'
import { regenerateSession, startCookieSession } from '../sessions/store/session-store.ts'
import type { StoreLinkInSession } from '../verification/routes.ts'

/** Redirects a browser that asks for the page of a link but has none. */
export function withoutLink(req: Request, res: Response, redirectTo: string): void {
  if (req.staleForm) throw staleWithoutLink
  redirectUnsaved(req, res, redirectTo)
}

const staleWithoutLink = new Forbidden({
  heading: 'This page was open too long',
  message: 'This browser no longer knows which link opened it. Nothing was changed.',
  advice: 'Open the link in the email again, or scan the code again. It works until it is used or expires.',
})

const hourMs = 60 * 60 * 1000

/**
 * Stores an opened or confirmed link in this browser’s session only, under a new session id that nobody knows yet.
 * Opening the same link again keeps the form of the first tab valid.
 */
export function storeLinkInSession(key: 'resetLink' | 'invitationLink'): StoreLinkInSession {
  return async (req, linkId) => {
    if (req.actor) await regenerateSession(req)
    else {
      const kept = req.session[key] === linkId ? req.session.csrfSecret : undefined
      await startCookieSession(req)
      req.session.cookie.maxAge = hourMs
      giveSecret(req, kept)
    }
    req.session[key] = linkId
  }
}
