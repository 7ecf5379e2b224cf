// Draws the icons of the installed app from public/logo.svg with Chromium.
// Run it again (`node .build/app-icons.js`) when the logo changes; what it writes is committed.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const inPublic = (file) => fileURLToPath(new URL(`../public/${file}`, import.meta.url))
const logo = readFileSync(inPublic('logo.svg'), 'utf8')
const petrol = '#0b5f78'

// On a ground the system cuts its own shape out; a maskable icon keeps clear of the edge for that.
const icons = [
  { file: 'app-icon-192.png', size: 192 },
  { file: 'app-icon-512.png', size: 512 },
  { file: 'app-icon-maskable-512.png', size: 512, ground: petrol, part: 0.85 },
  { file: 'apple-touch-icon.png', size: 180, ground: petrol },
]

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
for (const icon of icons) await draw(icon)
await browser.close()

async function draw({ file, size, ground = 'transparent', part = 1 }) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const side = size * part
  await page.setContent(`<style>
    body { margin: 0; height: 100vh; display: grid; place-content: center; background: ${ground} }
    svg { width: ${side}px; height: ${side}px }
  </style>${logo}`)
  await page.screenshot({ path: inPublic(file), omitBackground: true })
  await page.close()
}
