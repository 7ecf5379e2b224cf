import argon2 from 'argon2'
import { hashStrengths } from '../../src/auth/passwords/hash.ts'

// What a processor can hash: `node --import ./src/typescript.js test/bench/bare-hashing.ts COUNT AT_ONCE STRENGTH` tells how many a second.
const [count = 0, atOnce = 1] = process.argv.slice(2).map(Number)
const options = {
  ...hashStrengths[process.argv[4] as keyof typeof hashStrengths],
  parallelism: 1,
  hashLength: 32,
  type: argon2.argon2id,
}
const stored = await argon2.hash('demo paddock lantern 42', options)
let left = count
const verify = async () => {
  while (left-- > 0) await argon2.verify(stored, 'demo paddock lantern 42')
}
const began = performance.now()
await Promise.all(Array.from({ length: atOnce }, verify))
process.send?.((count / (performance.now() - began)) * 1000)
process.disconnect()
