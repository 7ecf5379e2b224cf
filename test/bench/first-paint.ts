import type { Browser } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { startServer } from '../support/running-server.ts'
import { median, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { visits: 5 }
export const firstPaint = { sizes, measure }

/** Slow 3G: 400 kbit/s either way, and 400 ms to be answered. */
const slow = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }

/** How soon somebody with a phone on a slow network sees the sign-in page, when they first come. */
function measure({ visits }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 0, events: 0 })
    const env = { ...settings, DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner, DEMO: 'off' }
    const server = await startServer(env)
    const browser = await openChromium()
    const painted: number[] = []
    for (let i = 0; i < visits; i++) painted.push(await visit(browser, `${server.address}/sign-in`))
    await browser.close()
    server.kill('SIGTERM')
    await server.ended
    const ms = median(painted)
    sayTable([{ 'on slow 3G': 'sign-in page, first visit', 'ms until something is seen': ms }])
    return { painted, targets: [targetOf(ms)] }
  })
}

async function visit(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.emulateNetworkConditions', slow)
  await page.goto(address)
  const painted = await page.evaluate<number>(paintedAt)
  await context.close()
  return painted
}

// As text, because it runs in the page.
const paintedAt = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const [first] = list.getEntriesByName('first-contentful-paint')
    if (first) resolve(first.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

const targetOf = (measured: number): Target => ({
  work: 'first paint of the sign-in page, slow 3G',
  beside: '',
  ...{ measured, unit: 'ms', atMost: 2_000 },
})
