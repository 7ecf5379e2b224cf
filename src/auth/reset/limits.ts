import type { Person } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { inMinutes } from '../../platform/web/dates.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { network } from '../../platform/ip-address.ts'
import { hmac } from '../../platform/crypto.ts'
import { giveBackAll, rateLimit, takeInOrder, type Limited } from '../../platform/rate-limit.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/**
 * How often a reset may be requested: from one network, a crew of two hundred behind one router who all forgot their
 * passwords, and half as many more; and for one address. Above that nothing is sent to it. Unknown addresses count
 * alike.
 */
export function requestLimits(db: Db, key: Buffer) {
  const ofNetwork = [
    rateLimit(db, 'forgot-network', 300, 10 * minute),
    rateLimit(db, 'forgot-network-day', 1500, day),
  ]
  const ofAddress = [
    rateLimit(db, 'forgot-gap', 1, 5 * minute),
    rateLimit(db, 'forgot-hour', 3, hour),
    rateLimit(db, 'forgot-day', 6, day),
  ]
  return {
    /** The seconds that the network has to wait, and those that the address has to. */
    async take(ip: string | null, email: string): Promise<(number | null)[]> {
      const account = hmac(key, email).toString('base64url')
      return takeInOrder(db, [
        ofNetwork.map((limit): Limited => [limit, network(ip)]),
        ofAddress.map((limit): Limited => [limit, account]),
      ])
    },
  }
}
export type RequestLimits = ReturnType<typeof requestLimits>

/** Limits of one network for links. Unknown ones are limited; real ones are not counted. */
export function networkLimits(db: Db) {
  const choices = rateLimit(db, 'reset-choice', 20, 10 * minute)
  const unknownLinks = rateLimit(db, 'link-guess', 20, 10 * minute)
  return {
    /** Counts an attempt to set a password by one link. */
    takeChoice: (linkId: string): Promise<number | null> => choices.take(linkId),
    /** Counts a link that does not exist. */
    takeUnknownLink: (ip: string | undefined): Promise<number | null> => unknownLinks.take(network(ip)),
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>

/**
 * Limits of emails with a link that the office sends: to one person, and by one person. Emails within a few minutes
 * have the same link, so the first number limits emails and the others how often a link is replaced. Requests by
 * the person themselves count separately, so that nobody uses those up for them.
 */
export function officeMailLimits(db: Db) {
  const toOne = [
    rateLimit(db, 'office-link', 3, 5 * minute),
    rateLimit(db, 'office-link-hour', 6, hour),
    rateLimit(db, 'office-link-day', 12, day),
  ]
  const byOne = [rateLimit(db, 'office-links-hour', 60, hour), rateLimit(db, 'office-links-day', 300, day)]
  return {
    /** Counts one, or throws with the reason. */
    async take(by: Person, to: Person, texts = ofEmails): Promise<void> {
      const ofSender = byOne.map((limit): Limited => [limit, by.id])
      const ofReceiver = toOne.map((limit): Limited => [limit, to.id])
      const [waitBy = null, waitTo = null] = await takeInOrder(db, [ofSender, ofReceiver])
      if (waitBy !== null) throw new TooManyRequests(waitBy, tooManySent(waitBy))
      if (waitTo === null) return
      await giveBackAll(db, ofSender)
      throw new TooManyRequests(waitTo, texts(to, waitTo))
    },
  }
}

/** A QR code counts with the emails: each ends the links before it, and each is an email too. */
export const tooManyCodes = ({ name }: Person, seconds: number) => ({
  heading: `${name} has been given several links already`,
  message: 'The newest link or QR code works. No new one was made now.',
  advice: `You can show another in ${inMinutes(seconds)}.`,
})

const ofEmails = ({ name }: Person, seconds: number) => ({
  heading: `${name} has been sent several links already`,
  message: 'The newest email has a link that works. Nothing was sent now.',
  advice: `Ask them to look for it, also in their spam folder. You can send another in ${inMinutes(seconds)}.`,
})

const tooManySent = (seconds: number) => ({
  heading: 'You have sent many links',
  message: 'More in an hour or a day would look like spam to mail servers. Nothing was sent now.',
  advice: `Continue in ${inMinutes(seconds)}. To email many people, start a campaign.`,
})
