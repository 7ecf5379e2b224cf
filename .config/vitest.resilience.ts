import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Minutes of power cuts and servers that go away: on purpose apart from `npm test`.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/resilience/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 15 * 60_000,
    hookTimeout: 120_000,
    env: { NODE_ENV: 'test' },
  },
})
