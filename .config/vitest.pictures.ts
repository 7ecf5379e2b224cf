import { defineConfig } from 'vitest/config'
import browser from './vitest.browser.ts'

// npm run screenshots: takes the pictures of docs/pictures again.
export default defineConfig({ test: { ...browser.test, include: ['test/pictures/**/*.test.ts'] } })
