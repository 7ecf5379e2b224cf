import type { Request, Response } from 'express'
import type { Queryable } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { dayAndTime } from '../../platform/web/dates.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { checkLink, type LinkCheck, type InvalidReason } from '../links/check-link.ts'
import type { LinkState } from '../links/queries.ts'
import { linkLifetimeText, type Purpose } from '../../company/link-lifetimes.ts'
import type { InvalidLinkCookie } from './invalid-link-cookie.ts'
import type { NetworkLimits } from './limits.ts'

declare global {
  interface Views {
    'auth/reset/invalid-link': {
      heading: string
      why: string
      /** How long a new link would work; null if none is offered. */
      renew: string | null
      invited: boolean
    }
  }
}

const heading = 'This link no longer works'
const unknown = 'The link may be incomplete. Open it from the email again.'

/** Says why a link is invalid, and offers a new one to the address it was sent to. */
export function invalidLinkPage(limits: NetworkLimits, linkCookie: InvalidLinkCookie) {
  return async (
    req: Request,
    res: Response,
    { link, reason }: LinkCheck & { valid: false },
  ): Promise<void> => {
    if (reason === 'used')
      log.warn({ event: 'authn_token_reuse', reference: req.reference, ip: req.ip }, 'refused')
    if (!link) {
      const wait = await limits.takeUnknownLink(req.ip)
      if (wait !== null) throw new TooManyRequests(wait, tooManyUnknown)
    }
    const renew = link !== undefined && canBeRenewed(link)
    if (renew) linkCookie.keep(res, link.id)
    const { timeZone } = res.locals.company
    const locals = {
      heading,
      why: texts[reason](link, timeZone),
      renew: renew ? linkLifetimeText(link.purpose === 'sign_in_code' ? 'reset' : link.purpose) : null,
      invited: link?.purpose === 'invite',
    }
    renderPage(res, 'auth/reset/invalid-link', { title: heading, layout: 'auth', ...locals }, 410)
  }
}

/** A new link goes to the same address as the old one, or is not offered. */
const canBeRenewed = (link: LinkState): boolean =>
  renewable.includes(link.purpose) && link.fits_status && !link.email_changed

/** The link for which a browser asks for a new one. The browser sends only the cookie of the page it was shown. */
export async function invalidLinkOf(db: Queryable, linkCookie: InvalidLinkCookie, req: Request) {
  const linkId = linkCookie.read(req)
  if (linkId === undefined) return undefined
  const { link } = await checkLink(db, linkId)
  return link && canBeRenewed(link) ? link : undefined
}

const at = (date: Date | null | undefined, timeZone: string) =>
  dayAndTime(date ?? null, timeZone).replace(/^T|^Y/, (day) => day.toLowerCase())

/** Purposes that this page can send again. */
const renewable: readonly Purpose[] = ['reset', 'campaign', 'sign_in_code', 'verify', 'invite']

/** The same text as for other unknown links, however many were opened from the network before. */
const tooManyUnknown = {
  heading,
  message: unknown,
  advice: 'Or get a new link with “Forgot your password?” on the sign-in page.',
}

const texts: Record<InvalidReason, (link: LinkState | undefined, timeZone: string) => string> = {
  unknown: () => unknown,
  used: (link, zone) => `It was used ${at(link?.used_at, zone)}. Each link works once.`,
  accepted: () => 'This account already has a password. Sign in with it.',
  replaced: (link, zone) =>
    `It was replaced or cancelled ${at(link?.superseded_at, zone)}. Only the newest link works.`,
  expired: (link, zone) => `It expired ${at(link?.expires_at, zone)}.`,
  not_active: () => 'The account is not active. Call your office.',
  address_changed: () => 'The email of the account changed after the link was sent.',
  account_changed: () => 'The password or the account changed after the link was sent.',
}
