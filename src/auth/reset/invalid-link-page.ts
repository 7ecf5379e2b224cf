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

const invalidTexts = 'This link no longer works'
const unknown =
  'It is not one of ours, or a part of it went missing when it was copied. Open it from the mail once more.'

/** Says why a link is dead, and offers a new one to the address it was sent to. */
export function invalidLinkPage(limits: NetworkLimits, shown: InvalidLinkCookie) {
  return async (req: Request, res: Response, { link, why }: LinkCheck & { valid: false }): Promise<void> => {
    if (why === 'used')
      log.warn({ event: 'authn_token_reuse', reference: req.reference, ip: req.ip }, 'refused')
    if (!link) {
      const wait = await limits.takeGuess(req.ip)
      if (wait !== null) throw new TooManyRequests(wait, madeUp)
    }
    const renew = link !== undefined && canBeRenewed(link)
    if (renew) shown.keep(res, link.id)
    const { timeZone } = res.locals.company as { timeZone: string }
    const locals = {
      heading: invalidTexts,
      why: words[why](link, timeZone),
      renew: renew ? linkLifetimeText(link.purpose) : null,
      invited: link?.purpose === 'invite',
    }
    renderPage(res, 'auth/reset/invalid-link', { title: locals.heading, layout: 'auth', ...locals }, 410)
  }
}

/** A new one goes where the old one went, or nowhere. */
const canBeRenewed = (link: LinkState): boolean =>
  renewable.includes(link.purpose) && link.fits_status && !link.email_moved

/** The link of a form that asks for a new one, with nothing but what the browser was shown. */
export async function invalidLinkOf(db: Queryable, shown: InvalidLinkCookie, req: Request) {
  const linkId = shown.read(req)
  if (linkId === undefined) return undefined
  const { link } = await checkLink(db, linkId)
  return link && canBeRenewed(link) ? link : undefined
}

const at = (date: Date | null | undefined, timeZone: string) =>
  dayAndTime(date ?? null, timeZone).replace(/^T|^Y/, (day) => day.toLowerCase())

/** Links that this page can send again. */
const renewable: readonly Purpose[] = ['reset', 'campaign', 'verify', 'invite']

/** Whoever holds a broken link is told the same, however many others opened one before them. */
const madeUp = {
  heading: invalidTexts,
  message: unknown,
  advice: 'Or ask for a new link with “Forgot your password?” on the sign-in page.',
}

const words: Record<InvalidReason, (link: LinkState | undefined, timeZone: string) => string> = {
  unknown: () => unknown,
  used: (link, zone) => `It was used ${at(link?.used_at, zone)}. Each link works once.`,
  accepted: () => 'A password was chosen for this account already. Sign in with it.',
  replaced: (link, zone) =>
    `It was replaced by a newer link, or withdrawn, ${at(link?.superseded_at, zone)}. Each new link switches off the ones before it.`,
  expired: (link, zone) => `Its time was up ${at(link?.expires_at, zone)}.`,
  'not active': () => 'The account is not active just now. Call your office.',
  'address changed': () => 'The address of the account was changed after it was sent.',
  'account changed': () => 'The password was changed, or the account otherwise, after it was sent.',
}
