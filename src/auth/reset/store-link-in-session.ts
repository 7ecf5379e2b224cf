import type { Request, Response } from 'express'
import { giveSecret } from '../../platform/web/csrf.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { regenerateSession, startCookieSession } from '../sessions/session-store.ts'
import type { StoreLinkInSession } from '../verification/routes.ts'

/** Where a page of a link is asked for, and this browser has none: on to where one is had. */
export function withoutLink(req: Request, res: Response, elsewhere: string): void {
  if (req.staleForm) throw staleWithoutLink
  res.redirect(303, elsewhere)
}

const staleWithoutLink = new Forbidden({
  heading: 'This page had been open too long',
  message: 'This browser no longer knows which link it was opened with, so nothing was changed.',
  advice: 'Open the link in the email once more. It works until it is used or its time is up.',
})

const hour = 60 * 60 * 1000

/**
 * Puts a link that was opened or confirmed into this browser alone: under a new carrier id, which nobody knows yet. The
 * same link opened once more leaves the form of the first tab as it is.
 */
export function storeLinkInSession(place: 'resetLink' | 'invitationLink'): StoreLinkInSession {
  return async (req, linkId) => {
    if (req.actor) await regenerateSession(req)
    else {
      const kept = req.session[place] === linkId ? req.session.csrfSecret : undefined
      await startCookieSession(req)
      req.session.cookie.maxAge = hour
      giveSecret(req, kept)
    }
    req.session[place] = linkId
  }
}
