import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const all = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.ts$/.test(file) && !/^(browser|resilience|pictures)\b/.test(file))
  .map((file) => `test/${file}`)

// Hashing at the real cost is a third of the time (decision 54): left to those that are about it, or share a database
// with a process of its own.
const realCost = /from 'argon2'|running-server|killable-server|release-0\.1\.0/
const withRealHashes = all.filter((file) => realCost.test(readFileSync(`${root}${file}`, 'utf8')))
const withQuickHashes = all.filter((file) => !withRealHashes.includes(file))

export default defineConfig({
  test: {
    root,
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 3, // two cores: one test in three waits for the database
    pool: 'forks', // argon2 is native code, which threads of one process would share
    isolate: false, // the app is loaded once per process, not once per file: a third of the time
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { NODE_ENV: 'test' },
    projects: [
      {
        extends: true,
        resolve: { alias: { argon2: `${root}test/support/quick-argon2.ts` } },
        test: { name: 'quick hashes', include: withQuickHashes },
      },
      { extends: true, test: { name: 'real hashes', include: withRealHashes } },
    ],
  },
})
