import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import {
  csvOf,
  facts,
  idOf,
  newKey,
  oddIds,
  packOf,
  row,
  signedPack,
  tampered,
  tenRows,
} from '../support/packs.ts'
import { sizes, fieldError } from './steps.ts'

const app = createBrowserTestApp()
const key = newKey()
const pack = await packOf(tenRows, key)
const forged = csvOf(tenRows.toSpliced(3, 1, row(4, '<img src=x onerror=alert(1)>')))

describe.each(sizes)('anyone can verify an evidence pack in the browser, at $width px:', ({ width }) => {
  test('a valid one, with the expected key, without a network', async () => {
    const stranger = await client(width)
    await stranger.assertFine()
    await stranger.context.setOffline(true)
    await check(stranger, pack, key.fingerprint)
    const statusText = stranger.page.getByRole('status').filter({ hasText: 'genuine' })
    await statusText.waitFor()
    expect(await statusText.innerText()).toContain('its 10 rows are exactly what was exported and signed')
    const shown = await stranger.page.locator('dl.facts').innerText()
    for (const fact of [
      facts.company,
      '9 Mar 2026, 09:41 UTC',
      facts.madeBy.name,
      facts.filter,
      key.fingerprint,
    ])
      expect(shown).toContain(fact)
    await stranger.context.setOffline(false)
    await stranger.assertFine()
  })

  test('one with no expected key, and one with a different key', async () => {
    const stranger = await client(width)
    await check(stranger, pack)
    const statusText = stranger.page.getByRole('alert')
    expect(await statusText.innerText()).toContain('whose key signed it is still open')
    expect(await statusText.innerText()).toContain(key.fingerprint)
    await stranger.assertFine()
    await check(stranger, pack, newKey().fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('signed with a foreign key')
  })

  test('one that was changed, a file that is no zip, and half a zip', async () => {
    const stranger = await client(width)
    await check(stranger, await tampered(pack, { 'activity.csv': forged }), key.fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toMatch(/^Row 4 \(id [\w-]+\) was changed\.$/)
    await stranger.assertFine()
    await check(stranger, Buffer.from('%PDF-1.7'), key.fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('not a zip')
    await check(stranger, pack.subarray(0, 900), key.fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('cut short or damaged')
    await stranger.assertFine()
  })

  test('one that was signed with unusual ids in its manifest (fault 2)', async () => {
    const stranger = await client(width)
    for (const [, firstId] of oddIds) {
      const manifest = { firstId, lastId: idOf(10) }
      await check(stranger, await signedPack(key, Buffer.from(csvOf(tenRows)), { manifest }), key.fingerprint)
      expect(await stranger.page.getByRole('alert').innerText()).toMatch(
        /^(manifest\.json is no manifest|The manifest tells of other rows)/,
      )
    }
    await stranger.assertFine()
  })

  test('one that would expand far more than a log, and one too large to locate the change (fault 2)', async () => {
    const stranger = await client(width)
    const zeros = Buffer.alloc(60_000_000)
    await check(stranger, await signedPack(key, zeros, { level: 9 }), key.fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('more than 30 times its size')
    const rows = Array.from({ length: 60_000 }, () =>
      randomBytes(20).toString('hex').padEnd(1_000, 'as often '),
    )
    const csv = { sha256: '', bytes: 60_000_000, header: '' }
    const large = await signedPack(key, Buffer.from(rows.join('')), { level: 1, manifest: { csv } })
    await check(stranger, large, key.fingerprint)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('It is too large to say where')
    await stranger.assertFine()
  })

  test('after it asked for the file, and for a complete fingerprint', async () => {
    const stranger = await client(width)
    await stranger.fill({ 'Fingerprint of the key': 'abc' })
    await stranger.button('Check').click()
    expect(await fieldError(stranger, 'Evidence pack')).toContain('Choose the zip first')
    expect(await fieldError(stranger, 'Fingerprint of the key')).toContain('64 digits')
    await stranger.assertFine()
    await check(stranger, pack, key.fingerprint)
    await stranger.page.getByText('This evidence pack is genuine').waitFor()
    expect(await stranger.page.locator('[aria-invalid], .error').count()).toBe(0)
  })

  test('without script the page names the command', async () => {
    const stranger = await app.person({ width, script: false })
    await stranger.goTo('/verify-evidence.html')
    expect(await stranger.page.getByText('npm run verify-evidence').isVisible()).toBe(true)
    expect(await stranger.button('Check').isVisible()).toBe(false)
    await stranger.assertFine()
  })
})

async function client(width: number): Promise<Person> {
  const stranger = await app.person({ width })
  expect(await stranger.goTo('/verify-evidence.html')).toBe(200)
  return stranger
}

async function check(person: Person, buffer: Buffer, fingerprint = '') {
  await person
    .field('Evidence pack')
    .setInputFiles({ name: 'evidence.zip', mimeType: 'application/zip', buffer })
  await person.fill({ 'Fingerprint of the key': fingerprint })
  await person.button('Check').click()
  await person.page.locator('#verdict .notice').waitFor()
}
