import { renewCarrier, startCarrier } from '../sessions/store.ts'
import type { LandLink } from '../verification/routes.ts'

const hour = 60 * 60 * 1000

/** Puts a link that was opened or confirmed into this browser alone: under a new carrier id, which nobody knows yet. */
export function landing(place: 'resetLink' | 'invitationLink'): LandLink {
  return async (req, linkId) => {
    if (req.actor) await renewCarrier(req)
    else {
      await startCarrier(req)
      req.session.cookie.maxAge = hour
    }
    req.session[place] = linkId
  }
}
