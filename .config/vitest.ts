import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/resilience/**', 'test/pictures/**'],
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 2,
    pool: 'forks', // argon2 is native code: a process of its own per file outlives nothing and takes nobody along
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { NODE_ENV: 'test' },
  },
})
