import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { afterEach, expect, test, vi } from 'vitest'
import { Overloaded } from '../../../src/platform/overloaded.ts'
import { minimumStrength, createHasher, productionStrength } from '../../../src/auth/passwords/hash.ts'

const hasher = createHasher(minimumStrength)
const passphrase = 'demo paddock lantern 42'

afterEach(() => vi.restoreAllMocks())

test('stores argon2id with its parameters and its own salt', async () => {
  const [one, other] = await Promise.all([hasher.hash(passphrase), hasher.hash(passphrase)])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(other)
  expect(await hasher.verify(one, passphrase)).toBe(true)
})

test('takes the password exactly: capitals, spaces and the hundredth character count', async () => {
  const password = `  Spaced Out ${'x'.repeat(85)}9 `
  const hash = await hasher.hash(password)
  const others = [password.trim(), password.toLowerCase(), password.slice(0, 72), password.replace('9', '8')]
  expect(await Promise.all(others.map((other) => hasher.verify(hash, other)))).toEqual(
    others.map(() => false),
  )
  expect(await hasher.verify(hash, password)).toBe(true)
})

test('treats an accent the same from either keyboard', async () => {
  const hash = await hasher.hash('caf\u00E9 paddock lantern')
  expect(await hasher.verify(hash, 'cafe\u0301 paddock lantern')).toBe(true)
})

test('does the same work without an account as with one', async () => {
  const stored = await hasher.hash(passphrase)
  const work = vi.spyOn(argon2, 'verify')
  expect(await hasher.verify(null, passphrase)).toBe(false)
  expect(await hasher.verify('not a hash', passphrase)).toBe(false)
  expect(await hasher.verify(stored, 'something else')).toBe(false)
  expect(work.mock.calls.map(([digest]) => parameters(digest))).toEqual(Array(3).fill(parameters(stored)))
})

test('is false for any damaged hash', async () => {
  const good = await hasher.hash(passphrase)
  const damaged = [
    '',
    '$',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
    good.slice(0, -1),
    `${good}A`,
    good.replace('argon2id', 'argon2i'),
    good.replace('m=19456', 'm=4294967295'),
    good.replace('t=2', 't=0'),
    good.replace('v=19', 'v=16'),
    good.replace(/\$[^$]+$/, `$${'A'.repeat(43)}`),
    `${good}\n`,
  ]
  for (const hash of damaged) expect(await hasher.verify(hash, passphrase), hash).toBe(false)
})

test('says which hashes are outdated: the weaker, not the stronger', async () => {
  const weak = await hasher.hash(passphrase)
  const strong = weak.replace('m=19456,t=2', 'm=65536,t=3')
  expect(hasher.outdated(weak)).toBe(false)
  expect(hasher.outdated(strong)).toBe(false)
  expect(createHasher(productionStrength).outdated(weak)).toBe(true)
  expect(createHasher(productionStrength).outdated(strong)).toBe(false)
  expect(hasher.outdated('not a hash')).toBe(true)
})

test.each([
  { memoryCost: 19455, timeCost: 2 },
  { memoryCost: 65536, timeCost: 1 },
  { memoryCost: Number.NaN, timeCost: 3 },
])('does not start below the minimum: %o', (strength) => {
  expect(() => createHasher(strength)).toThrow(/at least/)
})

test('hashes one at a time for each processor, four at most, lets 64 wait, and rejects more', async () => {
  const atOnce = Math.min(4, availableParallelism())
  const finish: (() => void)[] = []
  const work = vi
    .spyOn(argon2, 'verify')
    .mockImplementation(() => new Promise((resolve) => finish.push(() => resolve(true))))
  const gated = createHasher(minimumStrength)
  const all = Array.from({ length: atOnce + 64 }, () => gated.verify(null, passphrase))
  await settled()
  expect(work).toHaveBeenCalledTimes(atOnce)

  const refusal = await gated.verify(null, passphrase).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Overloaded)
  expect(refusal).toMatchObject({ retryAfter: 2 })

  for (let done = 0; done < all.length; done++) {
    finish[done]!()
    await settled()
    expect(work.mock.calls.length - done - 1).toBeLessThanOrEqual(atOnce)
  }
  expect(await Promise.all(all)).toHaveLength(atOnce + 64)
})

test('releases its slot when the work fails', async () => {
  vi.spyOn(argon2, 'verify').mockRejectedValue(new Error('out of memory'))
  const gated = createHasher(minimumStrength)
  for (let time = 0; time < 6; time++)
    await expect(gated.verify(null, passphrase)).rejects.toThrow('out of memory')
  vi.restoreAllMocks()
  expect(await gated.verify(null, passphrase)).toBe(false)
})

const parameters = (hash: string) => hash.split('$').slice(0, 4).join('$')
const settled = () => new Promise((resolve) => setImmediate(resolve))
