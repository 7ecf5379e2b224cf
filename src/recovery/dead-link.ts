import type { Request, Response } from 'express'
import type { Queryable } from '../foundation/db.ts'
import { log } from '../foundation/log.ts'
import { Throttled } from '../foundation/web/errors.ts'
import { when } from '../foundation/web/dates.ts'
import { page } from '../foundation/web/page.ts'
import { lookAtLink, type Looked, type Why } from '../links/open.ts'
import type { LinkState } from '../links/queries.ts'
import type { Purpose } from '../links/token.ts'
import type { DeadLinkCookie } from './dead-link-cookie.ts'
import type { NetworkLimits } from './limits.ts'

const dead = 'This link no longer works'
const unknown =
  'It is not one of ours, or a part of it went missing when it was copied. Open it from the mail once more.'

/** Says why a link is dead, and offers a new one to the address it was sent to. */
export function deadLinkPage(limits: NetworkLimits, shown: DeadLinkCookie) {
  return async (req: Request, res: Response, { link, why }: Looked & { alive: false }): Promise<void> => {
    if (why === 'used')
      log.warn({ event: 'authn_token_reuse', reference: req.reference, ip: req.ip }, 'refused')
    if (!link) {
      const wait = await limits.takeGuess(req.ip)
      if (wait !== null) throw new Throttled(wait, madeUp)
    }
    const renew = link !== undefined && canBeRenewed(link)
    if (renew) shown.keep(res, link.id)
    const { timeZone } = res.locals.company as { timeZone: string }
    const locals = {
      heading: dead,
      why: words[why](link, timeZone),
      renew: renew ? lives[link.purpose] : null,
      invited: link?.purpose === 'invite',
    }
    page(res, 'recovery/dead-link', { title: locals.heading, layout: 'gate', ...locals }, 410)
  }
}

/** A new one goes where the old one went, or nowhere. */
const canBeRenewed = (link: LinkState): boolean =>
  lives[link.purpose] !== undefined && link.fits_status && !link.email_moved

/** The link of a form that asks for a new one, with nothing but what the browser was shown. */
export async function deadLinkOf(db: Queryable, shown: DeadLinkCookie, req: Request) {
  const linkId = shown.read(req)
  if (linkId === undefined) return undefined
  const { link } = await lookAtLink(db, linkId)
  return link && canBeRenewed(link) ? link : undefined
}

const at = (date: Date | null | undefined, timeZone: string) =>
  when(date ?? null, timeZone).replace(/^T|^Y/, (day) => day.toLowerCase())

/** Those that may be had anew, and how long. */
const lives: Partial<Record<Purpose, string>> = {
  reset: '60 minutes',
  campaign: '60 minutes',
  verify: '24 hours',
  invite: '7 days',
}

/** Whoever holds a broken link is told the same, however many others opened one before them. */
const madeUp = {
  heading: dead,
  message: unknown,
  advice: 'Or ask for a new link with “Forgot your password?” on the sign-in page.',
}

const words: Record<Why, (link: LinkState | undefined, timeZone: string) => string> = {
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
