import { expect, test } from 'vitest'
import decodeQR from 'qr/decode.js'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { statusText } from './own-steps.ts'
import { admin, entryPoints, sizes, worker } from './steps.ts'

const app = createBrowserTestApp()
const numbers = [16, 17, 18, 19]
const good = 'walnut ferry 31 canvas'

/** What a camera reads from a picture of the screen. The picture is turned into pixels on an empty page. */
async function photographed({ page, context }: Person): Promise<string> {
  const picture = await page.locator('.qr-frame').screenshot()
  const canvas = await context.newPage()
  const image = (await canvas.evaluate(`(async () => {
    const shown = new Image()
    shown.src = 'data:image/png;base64,${picture.toString('base64')}'
    await shown.decode()
    const { width, height } = shown
    const drawn = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
    drawn.drawImage(shown, 0, 0)
    return { width, height, data: [...drawn.getImageData(0, 0, width, height).data] }
  })()`)) as { width: number; height: number; data: number[] }
  await canvas.close()
  return decodeQR({ ...image, data: new Uint8Array(image.data) })
}

test.each(sizes)(
  'at $width px the office shows a code, a phone reads it from the screen, and the worker is in',
  async ({ width }) => {
    const at = worker(numbers.shift() ?? 0)
    const dana = await admin(app, { width })
    await entryPoints['A, the list of fieldworkers'](dana, at)
    expect(await dana.send('Show sign-in QR code')).toBe(200)
    await dana.page.getByRole('heading', { name: 'Scan to choose a new password' }).waitFor()
    await dana.page.getByText(/^9:\d\d left$/).waitFor()
    await dana.assertFine()
    await dana.page.emulateMedia({ colorScheme: 'dark' })
    const inTheDark = await photographed(dana)
    await dana.page.emulateMedia({ colorScheme: 'light' })
    const address = await photographed(dana)
    expect(inTheDark).toBe(address)
    const { pathname } = new URL(address) // the server of a test has a port that its settings do not know
    expect(pathname).toMatch(/^\/reset-password\/[\w-]{43}$/)
    expect(await dana.page.content()).not.toContain(address.split('/').at(-1))

    const theirs = await app.person({ phone: true })
    await theirs.goTo(pathname)
    expect(theirs.place).toBe('/reset-password')
    await theirs.fill({ 'New password': good, 'Confirm new password': good })
    expect(await theirs.send('Save')).toBe(303)
    expect(await theirs.signIn(at.email, good)).toBe(303)
    expect(theirs.place).toBe('/m')

    await dana.link('Done').click()
    await dana.page.getByRole('heading', { name: 'Fieldworkers', level: 1 }).waitFor()
    await app.emailTo(at.email, 'sign_in_code_shown')
  },
)

test('without script the office gets a code too, and makes a new one that ends the first', async () => {
  const at = worker(numbers.shift() ?? 0)
  const dana = await admin(app, { script: false })
  await entryPoints['B, the profile'](dana, at)
  expect(await dana.send('Show sign-in QR code')).toBe(200)
  await dana.page.getByText('10 minutes left').waitFor()
  await dana.assertFine()
  const path = await dana.page.locator('svg.qr path').getAttribute('d')
  expect(await dana.send('Make a new code')).toBe(200)
  expect(await dana.page.locator('svg.qr path').getAttribute('d')).not.toBe(path)
  await dana.link('Done').click()
  await dana.page.getByRole('heading', { name: at.name, level: 1 }).waitFor()
})

test('when the time is over the code is gone from the screen, and a new one can be made', async () => {
  const at = worker(numbers.shift() ?? 0)
  const dana = await admin(app, {})
  await dana.page.clock.install()
  await entryPoints['B, the profile'](dana, at)
  expect(await dana.send('Show sign-in QR code')).toBe(200)
  await dana.page.locator('svg.qr').waitFor()
  await dana.page.getByText(/^(10:00|9:\d\d) left$/).waitFor()
  await dana.page.clock.fastForward('10:01')
  expect(await statusText(dana)).toContain('This code no longer works. Make a new one.')
  expect(await dana.page.locator('svg.qr').count()).toBe(0)
  expect(await dana.send('Make a new code')).toBe(200)
  await dana.page.locator('svg.qr').waitFor()
})
