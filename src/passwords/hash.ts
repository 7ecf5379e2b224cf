import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { TooBusy } from '../foundation/too-busy.ts'
import { normalisePassword } from './policy.ts'

export type Strength = { memoryCost: number; timeCost: number }
export type Hasher = ReturnType<typeof hashing>

/** Memory in KiB. RFC 9106's second choice, on one lane. */
export const production: Strength = { memoryCost: 65536, timeCost: 3 }
/** The least that ASVS 11.4.2 and OWASP allow. */
export const floor: Strength = { memoryCost: 19456, timeCost: 2 }

export const strengths = { production, floor }

/** More than there are processors would only take the time of whoever looks at a page meanwhile. */
const mostAtOnce = Math.min(4, availableParallelism())
const mayWait = 64
// Bounded, so that a row that somebody has tampered with cannot ask for all the memory or an hour.
const readable =
  /^\$argon2id\$v=19\$m=([1-9]\d{3,5}),t=([1-9]),p=[1-4]\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

/**
 * Hashes and verifies passwords with argon2id, a few at a time: a flood of sign-ins gets TooBusy, not all the memory.
 * Make one for the whole process; of several that answer, each takes its share. ASVS 11.4.2, NIST SP 800-63B-4 §3.1.1.2.
 */
export function hashing(strength: Strength, processes = 1) {
  refuseWeaker(strength)
  const options = { ...strength, parallelism: 1, hashLength: 32, type: argon2.argon2id }
  const dummy = dummyHash(strength)
  const inTurn = turns(Math.max(1, Math.floor(mostAtOnce / processes)), mayWait)

  return {
    hash(password: string): Promise<string> {
      return inTurn(() => argon2.hash(normalisePassword(password), options))
    },

    /** Takes as long for nobody (null) and for a hash that cannot be read; both are false. */
    async verify(hash: string | null, password: string): Promise<boolean> {
      const stored = hash !== null && parametersOf(hash) ? hash : dummy
      const matches = await inTurn(() => argon2.verify(stored, normalisePassword(password)))
      return matches && stored !== dummy
    },

    /** Whether to hash anew at the next sign-in; a stronger hash than today's is left alone. */
    outdated(hash: string): boolean {
      const made = parametersOf(hash)
      return !made || made.memoryCost < strength.memoryCost || made.timeCost < strength.timeCost
    },
  }
}

function refuseWeaker({ memoryCost, timeCost }: Strength) {
  if (memoryCost >= floor.memoryCost && timeCost >= floor.timeCost) return
  throw new RangeError(
    `Password hashing needs memoryCost ${floor.memoryCost} and timeCost ${floor.timeCost} at least; ` +
      `it was given ${memoryCost} and ${timeCost}.`,
  )
}

/** A hash of no password at all, as dear to verify as a real one. */
function dummyHash({ memoryCost, timeCost }: Strength): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$${random(16)}$${random(32)}`
}

function parametersOf(hash: string): Strength | null {
  const found = readable.exec(hash)
  return found && { memoryCost: Number(found[1]), timeCost: Number(found[2]) }
}

/** A finished piece of work hands its place to the first of those waiting, so nobody pushes in. */
function turns(places: number, seats: number) {
  let taken = 0
  const waiting: (() => void)[] = []

  async function takePlace() {
    if (taken < places) taken++
    else if (waiting.length < seats) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw new TooBusy('too many passwords are being checked')
  }

  function leavePlace() {
    const next = waiting.shift()
    if (next) next()
    else taken--
  }

  return async function <T>(work: () => Promise<T>): Promise<T> {
    await takePlace()
    try {
      return await work()
    } finally {
      leavePlace()
    }
  }
}
