import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { Overloaded } from '../../platform/overloaded.ts'
import { normalisePassword } from './policy.ts'

export type Strength = { memoryCost: number; timeCost: number }
export type Hasher = ReturnType<typeof createHasher>

/** Memory in KiB. RFC 9106's second recommendation, with one lane. */
export const productionStrength: Strength = { memoryCost: 65536, timeCost: 3 }
/** The minimum of ASVS 11.4.2 and OWASP. */
export const minimumStrength: Strength = { memoryCost: 19456, timeCost: 2 }

export const hashStrengths = { production: productionStrength, minimum: minimumStrength }

/** More than the number of processors would only slow down page requests. */
const maxConcurrent = Math.min(4, availableParallelism())
const maxQueued = 64
const readable =
  /^\$argon2id\$v=19\$(m=([1-9]\d{3,5}),t=([1-9]),p=[1-4])\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/
/** KiB times passes. Bounded, so that a tampered row cannot cost an hour. */
const maxWork = 4 * productionStrength.memoryCost * productionStrength.timeCost
/** How many kinds of hash, by parameters, are verified at all: each is extra work at every sign-in. */
const maxKinds = 5

/**
 * Hashes and verifies passwords with argon2id, a few at a time: a flood of sign-ins gets Overloaded and cannot use
 * all memory. Make one for the whole process; each of several processes takes its share. `oneOfEach` returns one
 * hash of each kind of parameters in use. ASVS 11.4.2, NIST SP 800-63B-4 §3.1.1.2.
 */
export function createHasher(
  strength: Strength,
  processes = 1,
  oneOfEach = () => Promise.resolve<string[]>([]),
) {
  assertStrongEnough(strength)
  const options = { ...strength, parallelism: 1, hashLength: 32, type: argon2.argon2id }
  const kinds = hashKinds(`m=${strength.memoryCost},t=${strength.timeCost},p=1`)
  const loadKinds = once(async () => (await oneOfEach()).forEach(kinds.add))
  const withSlot = createSemaphore(Math.max(1, Math.trunc(maxConcurrent / processes)), maxQueued)

  return {
    hash(password: string): Promise<string> {
      return withSlot(() => argon2.hash(normalisePassword(password), options))
    },

    /**
     * Always does the same work: one hash for each kind in use, one of them the stored one. So no account (null),
     * an unreadable hash and one of other parameters take as long as any other. The first two return false.
     */
    async verify(hash: string | null, password: string): Promise<boolean> {
      await loadKinds()
      const kind = kinds.add(hash)
      return withSlot(async () => {
        let matches = false
        for (const [each, dummy] of kinds.dummies) {
          const matchesThis = await argon2.verify(each === kind ? hash! : dummy, normalisePassword(password))
          if (each === kind) matches = matchesThis
        }
        return matches
      })
    },

    /** Whether a password matches a hash. Only for signed-in people: its time may tell them what they know already. */
    async matches(hash: string, password: string): Promise<boolean> {
      if (!kindOf(hash)) return false
      return withSlot(() => argon2.verify(hash, normalisePassword(password)))
    },

    /** Whether to rehash at the next sign-in. A hash stronger than today’s is left alone. */
    outdated(hash: string): boolean {
      const made = kindOf(hash)
      return !made || made.memoryCost < strength.memoryCost || made.timeCost < strength.timeCost
    },
  }
}

/** The kinds of hash seen so far, today’s first, each with a dummy hash. */
function hashKinds(today: string) {
  const dummies = new Map([[today, dummyHash(today)]])
  return {
    dummies,
    /** Returns the kind of a hash, if it is one that is verified. */
    add(hash: string | null): string | undefined {
      const kind = hash === null ? undefined : kindOf(hash)?.parameters
      if (kind && dummies.size < maxKinds && !dummies.has(kind)) dummies.set(kind, dummyHash(kind))
      return kind && dummies.has(kind) ? kind : undefined
    },
  }
}

/** Runs at the first call, and again only after a failure. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () =>
    (done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    }))
}

function assertStrongEnough({ memoryCost, timeCost }: Strength) {
  if (memoryCost >= minimumStrength.memoryCost && timeCost >= minimumStrength.timeCost) return
  throw new RangeError(
    `Password hashing needs memoryCost ${minimumStrength.memoryCost} and timeCost ${minimumStrength.timeCost} at least; ` +
      `it got ${memoryCost} and ${timeCost}.`,
  )
}

/** A hash of no password, as expensive to verify as a real one. */
function dummyHash(parameters: string): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$${parameters}$${random(16)}$${random(32)}`
}

/** The parameters of a hash, or undefined if it is unreadable or too expensive. */
function kindOf(hash: string): (Strength & { parameters: string }) | undefined {
  const [, parameters = '', memory, time] = readable.exec(hash) ?? []
  const [memoryCost, timeCost] = [Number(memory), Number(time)]
  return memoryCost * timeCost <= maxWork ? { parameters, memoryCost, timeCost } : undefined
}

/** Runs at most `limit` pieces of work at a time, in order of arrival, and lets `maxWaiting` wait. */
function createSemaphore(limit: number, maxWaiting: number) {
  let taken = 0
  const waiting: (() => void)[] = []

  async function acquire() {
    if (taken < limit) taken++
    else if (waiting.length < maxWaiting) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw new Overloaded('too many passwords are being checked')
  }

  function release() {
    const next = waiting.shift()
    if (next) next()
    else taken--
  }

  return async function <T>(work: () => Promise<T>): Promise<T> {
    await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
