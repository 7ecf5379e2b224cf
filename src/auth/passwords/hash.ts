import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { Overloaded } from '../../platform/overloaded.ts'
import { normalisePassword } from './policy.ts'

export type Strength = { memoryCost: number; timeCost: number }
export type Hasher = ReturnType<typeof createHasher>

/** Memory in KiB. RFC 9106's second choice, on one lane. */
export const productionStrength: Strength = { memoryCost: 65536, timeCost: 3 }
/** The least that ASVS 11.4.2 and OWASP allow. */
export const minimumStrength: Strength = { memoryCost: 19456, timeCost: 2 }

export const hashStrengths = { production: productionStrength, minimum: minimumStrength }

/** More than there are processors would only take the time of whoever looks at a page meanwhile. */
const maxConcurrent = Math.min(4, availableParallelism())
const maxQueued = 64
const readable =
  /^\$argon2id\$v=19\$(m=([1-9]\d{3,5}),t=([1-9]),p=[1-4])\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/
/** KiB times passes. Bounded, so that a row that somebody has tampered with cannot ask for an hour. */
const maxWork = 4 * productionStrength.memoryCost * productionStrength.timeCost
/** How many kinds of hash, by their parameters, are verified at all: each is work for every sign-in. */
const maxKinds = 5

/**
 * Hashes and verifies passwords with argon2id, a few at a time: a flood of sign-ins gets TooBusy, not all the memory.
 * Make one for the whole process; of several that answer, each takes its share. `oneOfEach` gives
 * a hash of each kind, by its parameters, that there is. ASVS 11.4.2, NIST SP 800-63B-4 §3.1.1.2.
 */
export function createHasher(
  strength: Strength,
  processes = 1,
  oneOfEach = () => Promise.resolve<string[]>([]),
) {
  refuseWeaker(strength)
  const options = { ...strength, parallelism: 1, hashLength: 32, type: argon2.argon2id }
  const kinds = hashKinds(`m=${strength.memoryCost},t=${strength.timeCost},p=1`)
  const learned = once(async () => (await oneOfEach()).forEach(kinds.meet))
  const inTurn = createSemaphore(Math.max(1, Math.floor(maxConcurrent / processes)), maxQueued)

  return {
    hash(password: string): Promise<string> {
      return inTurn(() => argon2.hash(normalisePassword(password), options))
    },

    /**
     * Always the same work: one hash for each kind that there is, one of them the stored one. So nobody (null), a hash
     * that cannot be read and one that was made with other parameters take as long as any other; the first two are false.
     */
    async verify(hash: string | null, password: string): Promise<boolean> {
      await learned()
      const kind = kinds.meet(hash)
      return inTurn(async () => {
        let matches = false
        for (const [each, dummy] of kinds.dummies) {
          const right = await argon2.verify(each === kind ? hash! : dummy, normalisePassword(password))
          if (each === kind) matches = right
        }
        return matches
      })
    },

    /** Whether a password is that of a hash, for who is past the sign-in page: here time tells only what they know. */
    async matches(hash: string, password: string): Promise<boolean> {
      if (!kindOf(hash)) return false
      return inTurn(() => argon2.verify(hash, normalisePassword(password)))
    },

    /** Whether to hash anew at the next sign-in; a stronger hash than today's is left alone. */
    outdated(hash: string): boolean {
      const made = kindOf(hash)
      return !made || made.memoryCost < strength.memoryCost || made.timeCost < strength.timeCost
    },
  }
}

/** The kinds of hash that were met so far, today's first, each with a hash of no password at all. */
function hashKinds(today: string) {
  const dummies = new Map([[today, dummyHash(today)]])
  return {
    dummies,
    /** Gives the kind of a hash, where it is one that is verified. */
    meet(hash: string | null): string | undefined {
      const kind = hash === null ? undefined : kindOf(hash)?.parameters
      if (kind && dummies.size < maxKinds && !dummies.has(kind)) dummies.set(kind, dummyHash(kind))
      return kind && dummies.has(kind) ? kind : undefined
    },
  }
}

/** Done at the first call, and again only after it failed. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () =>
    (done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    }))
}

function refuseWeaker({ memoryCost, timeCost }: Strength) {
  if (memoryCost >= minimumStrength.memoryCost && timeCost >= minimumStrength.timeCost) return
  throw new RangeError(
    `Password hashing needs memoryCost ${minimumStrength.memoryCost} and timeCost ${minimumStrength.timeCost} at least; ` +
      `it was given ${memoryCost} and ${timeCost}.`,
  )
}

/** A hash of no password at all, as dear to verify as a real one. */
function dummyHash(parameters: string): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$${parameters}$${random(16)}$${random(32)}`
}

/** With which parameters a hash was made; undefined where it cannot be read, or asks for too much. */
function kindOf(hash: string): (Strength & { parameters: string }) | undefined {
  const [, parameters = '', memory, time] = readable.exec(hash) ?? []
  const [memoryCost, timeCost] = [Number(memory), Number(time)]
  return memoryCost * timeCost <= maxWork ? { parameters, memoryCost, timeCost } : undefined
}

/** A finished piece of work hands its place to the first of those waiting, so nobody pushes in. */
function createSemaphore(places: number, seats: number) {
  let taken = 0
  const waiting: (() => void)[] = []

  async function takePlace() {
    if (taken < places) taken++
    else if (waiting.length < seats) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw new Overloaded('too many passwords are being checked')
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
