import { expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { heading, phones, signedIn } from './own-steps.ts'
import { worker } from './steps.ts'

const app = createBrowserTestApp()
const [seat] = phones
if (!seat) throw new Error('No phone has script')

test('the mobile pages can be installed on the home screen', async () => {
  const here = await signedIn(app, seat, worker(5))
  await controlled(here)
  const devtools = await here.context.newCDPSession(here.page)
  const { errors } = await devtools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  // A test browser is always a private window, and reports that first.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})

test('without a network the page says so, and continues when the network is back', async () => {
  const here = await signedIn(app, seat, worker(6))
  await controlled(here)
  await here.context.setOffline(true)
  await here.goTo('/m')
  expect(await heading(here)).toBe('You are offline')
  expect(await here.page.content()).not.toContain('Finn')
  await here.assertFine()
  await here.goTo('/account/sessions')
  expect(await heading(here)).toBe('You are offline')

  await here.context.setOffline(false)
  await here.link('Try again').click()
  await here.page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor()
})

test('the device stores no private page, signed in or out', async () => {
  const here = await signedIn(app, seat, worker(7))
  await controlled(here)
  const pages = ['/m', '/m/password', '/account', '/account/sessions', '/account/activity', '/account/email']
  for (const page of pages) expect(await here.goTo(page)).toBe(200)
  const kept = await inCaches(here)
  expect(kept.map(({ path }) => path)).toContain('/offline.html')
  expect(
    kept.filter(({ path }) => !/^\/(offline\.html|fonts\/[\w-]+\.woff2|[\w-]+\.(css|js|svg))$/.test(path)),
  ).toEqual([])
  expect(kept.filter(({ text }) => /Grace|Abiola|worker7/.test(text))).toEqual([])

  await here.page.locator('summary', { hasText: 'Menu' }).click()
  await here.send('Sign out')
  await controlled(here) // signing out cleared it too; the sign-in page adds it again
  await here.context.setOffline(true)
  await here.page.goBack().catch(() => null) // the previous page is gone: what is shown instead?
  await here.page.getByRole('heading', { name: 'You are offline' }).waitFor()
  expect(await here.page.content()).not.toMatch(/Grace|Abiola|worker7/)
})

/** Waits until the service worker controls the page. */
async function controlled({ page }: Person) {
  await page.evaluate('navigator.serviceWorker.ready')
  await expect.poll(() => page.evaluate('Boolean(navigator.serviceWorker.controller)')).toBe(true)
}

interface Kept {
  path: string
  text: string
}

const readCaches = `(async () => {
  const kept = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const answer = await cache.match(request)
      kept.push({ path: new URL(request.url).pathname, text: await answer.text() })
    }
  }
  return kept
})()`
const inCaches = ({ page }: Person) => page.evaluate<Kept[]>(readCaches)
