import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/resilience/**', 'test/pictures/**'],
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 2,
    pool: 'forks', // argon2 is native code, which threads of one process would share
    isolate: false, // the app is loaded once per process, not once per file: a third of the time
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { NODE_ENV: 'test' },
  },
})
