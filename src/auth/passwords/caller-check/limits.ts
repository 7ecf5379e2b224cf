import type { Person } from '../../../access/actor.ts'
import type { Db } from '../../../platform/db.ts'
import { network } from '../../../platform/ip-address.ts'
import { giveBackAll, rateLimit, takeAll, type Limited } from '../../../platform/rate-limit.ts'
import { inMinutes } from '../../../platform/web/dates.ts'
import { TooManyRequests } from '../../../platform/web/errors.ts'

const hour = 60 * 60
const day = 24 * hour

/**
 * Limits of codes and of wrong answers, for each worker, each person in the office and each network. A new code does
 * not reset them. A network has the numbers of an office with several desks. (ASVS 6.6.3, NIST SP 800-63B-4 §3.1.3.2)
 */
export function callerCheckLimits(db: Db) {
  const codesToOne = rateLimit(db, 'caller-code-worker', 5, hour)
  const codesByOne = rateLimit(db, 'caller-code-office', 20, hour)
  const codesOfNetwork = rateLimit(db, 'caller-code-network', 100, hour)
  const wrongForOne = rateLimit(db, 'caller-wrong-worker', 10, day)
  const wrongByOne = rateLimit(db, 'caller-wrong-office', 30, day)
  const wrongOfNetwork = rateLimit(db, 'caller-wrong-network', 100, day)
  return {
    /** Counts a code, or throws with the reason. */
    async takeCode(by: Person, to: Person, ip: string | null): Promise<void> {
      await take(
        db,
        [
          [codesByOne, by.id],
          [codesOfNetwork, network(ip)],
          [codesToOne, to.id],
        ],
        (seconds) => tooManyCodes(to, seconds),
      )
    },

    /** Counts an answer before it is checked. Returns what to call if it was right, or was not checked. */
    async takeAnswer(by: Person, to: Person, ip: string | null): Promise<() => Promise<void>> {
      const limits: Limited[] = [
        [wrongByOne, by.id],
        [wrongOfNetwork, network(ip)],
        [wrongForOne, to.id],
      ]
      await take(db, limits, (seconds) => tooManyWrong(to, seconds))
      return async () => void (await giveBackAll(db, limits))
    },
  }
}
export type CallerCheckLimits = ReturnType<typeof callerCheckLimits>

async function take(
  db: Db,
  limits: Limited[],
  explain: (seconds: number) => ConstructorParameters<typeof TooManyRequests>[1],
) {
  const wait = await takeAll(db, limits)
  if (wait !== null) throw new TooManyRequests(wait, explain(wait))
}

const otherwise = 'If you know them, choose “I recognised them”. Otherwise say why you could not check.'

const tooManyCodes = ({ name }: Person, seconds: number) => ({
  heading: 'Too many codes were sent',
  message: `No code was sent to ${name} now. The next one can be sent in ${inMinutes(seconds)}.`,
  advice: otherwise,
})

const tooManyWrong = ({ name }: Person, seconds: number) => ({
  heading: 'Too many wrong codes',
  message: `Codes for ${name} can be checked again in ${inMinutes(seconds)}. Nothing was changed.`,
  advice: otherwise,
})
