import { createRequire } from 'node:module'
import type Argon2 from 'argon2'

// The package itself, past the alias in .config/vitest.ts that leads here.
const argon2 = createRequire(import.meta.url)('argon2') as typeof Argon2
const quick = { memoryCost: 64, timeCost: 1 }
const parameters = /\$m=\d+,t=\d+,/

/**
 * argon2 with a thousandth of the work, for tests that are not about hashing (decision 54). A hash names the parameters
 * that were asked for.
 */
export default {
  ...argon2,
  async hash(password: string, asked: { memoryCost: number; timeCost: number }): Promise<string> {
    const made = await argon2.hash(password, { ...asked, ...quick })
    return made.replace(parameters, `$m=${asked.memoryCost},t=${asked.timeCost},`)
  },
  verify(hash: string, password: string): Promise<boolean> {
    return argon2.verify(hash.replace(parameters, `$m=${quick.memoryCost},t=${quick.timeCost},`), password)
  },
}
