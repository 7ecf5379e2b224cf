import type { Person } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { inMinutes } from '../../platform/web/dates.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { network } from '../../platform/ip-address.ts'
import { hmac } from '../../platform/crypto.ts'
import { consumeAll, rateLimit } from '../../platform/rate-limit.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** How often an address may be asked for: beyond it nothing is sent. Unknown ones count alike. */
export function accountLimits(db: Db, key: Buffer) {
  const windows = [
    rateLimit(db, 'forgot-gap', 1, 5 * minute),
    rateLimit(db, 'forgot-hour', 3, hour),
    rateLimit(db, 'forgot-day', 6, day),
  ]
  return {
    async take(email: string): Promise<number | null> {
      const account = hmac(key, email).toString('base64url')
      return consumeAll(windows.map((window) => [window, account]))
    },
  }
}
export type AccountLimits = ReturnType<typeof accountLimits>

/**
 * What one network may ask for: a crew of two hundred behind one router forgot their passwords, and a half more. And how
 * many links it may try that nobody was ever sent; real ones are not counted.
 */
export function networkLimits(db: Db) {
  const asking = [
    rateLimit(db, 'forgot-network', 300, 10 * minute),
    rateLimit(db, 'forgot-network-day', 1500, day),
  ]
  const choosing = rateLimit(db, 'reset-choice', 20, 10 * minute)
  const guessing = rateLimit(db, 'link-guess', 20, 10 * minute)
  return {
    async takeAsk(ip: string | undefined): Promise<number | null> {
      return consumeAll(asking.map((window) => [window, network(ip)]))
    },
    /** Counts a new password that is judged for one link. */
    takeChoice: (linkId: string): Promise<number | null> => choosing.take(linkId),
    /** Counts a link that nobody was ever sent. */
    takeGuess: (ip: string | undefined): Promise<number | null> => guessing.take(network(ip)),
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>

/**
 * Emails with a link that the office sends: to one person, whoever sends them, and by one person, whomever to. Those of a few
 * minutes carry one link, so the first number bounds the emails and the others how often a link is switched off. What
 * people ask for themselves counts elsewhere, so that nobody uses it up for them.
 */
export function officeMailLimits(db: Db) {
  const toOne = [
    rateLimit(db, 'office-link', 3, 5 * minute),
    rateLimit(db, 'office-link-hour', 6, hour),
    rateLimit(db, 'office-link-day', 12, day),
  ]
  const byOne = [rateLimit(db, 'office-links-hour', 60, hour), rateLimit(db, 'office-links-day', 300, day)]
  return {
    /** Takes one, or says why not. */
    async take(by: Person, to: Person): Promise<void> {
      const many = await consumeAll(byOne.map((window) => [window, by.id]))
      if (many !== null) throw new TooManyRequests(many, sentMany(many))
      const wait = await consumeAll(toOne.map((window) => [window, to.id]))
      if (wait === null) return
      for (const window of byOne) await window.giveBack(by.id)
      throw new TooManyRequests(wait, sentOften(to, wait))
    },
  }
}

const sentOften = ({ name }: Person, seconds: number) => ({
  heading: `${name} was sent links often enough for now`,
  message: 'The newest email to them has a link that works. Nothing was sent now.',
  advice: `Ask them to look for it, among spam too. Another can be sent in ${inMinutes(seconds)}.`,
})

const sentMany = (seconds: number) => ({
  heading: 'You have sent many links',
  message: 'So many in an hour or a day look like spam to mail servers. Nothing was sent now.',
  advice: `Go on in ${inMinutes(seconds)}; to write to many people, start a campaign.`,
})
