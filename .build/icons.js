// Picks the icons that views/ and src/ name out of Lucide into public/icons.svg, and copies the fonts.
// Run it again (`node .build/icons.js`) when a page names a new icon; what it writes is committed.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))
const lucide = join(home, 'node_modules/lucide-static/icons')
const publicSans = join(home, 'node_modules/@fontsource-variable/public-sans')

writeFileSync(join(home, 'public/icons.svg'), sprite([...new Set(sources().flatMap(iconsNamedIn))].sort()))
copyFonts()

function sources() {
  return ['views', 'src', 'public'].flatMap((folder) =>
    readdirSync(join(home, folder), { recursive: true })
      .filter((file) => /\.(ejs|ts|js)$/.test(file))
      .map((file) => readFileSync(join(home, folder, file), 'utf8')),
  )
}

/** Names in icon('a'), icon(test ? 'a' : 'b') and icon: 'a'. */
function iconsNamedIn(source) {
  const called = [...source.matchAll(/\bicon\(((?:'[^'\n]*'|[^'()\n]|\([^()\n]*\))*)\)/g)].flatMap(
    ([, inside]) => [...inside.matchAll(/'([^']*)'/g)].map(([, name]) => name),
  )
  const listed = [...source.matchAll(/\bicon: '([^']*)'/g)].map(([, name]) => name)
  return [...called, ...listed]
}

function sprite(names) {
  const unknown = names.filter((name) => !existsSync(join(lucide, `${name}.svg`)))
  if (unknown.length) throw new Error(`Lucide has no icon named ${unknown.join(', ')}`)
  return [
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<!-- Lucide (lucide.dev), (c) Lucide Contributors, ISC licence. Stroke and fill come from .icon in app.css. -->',
    ...names.map(symbol),
    '</svg>\n',
  ].join('\n')
}

function symbol(name) {
  const [, drawing] = readFileSync(join(lucide, `${name}.svg`), 'utf8').match(/<svg[^>]*>(.*)<\/svg>/s)
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, '')}</symbol>`
}

function copyFonts() {
  const fonts = join(home, 'public/fonts')
  mkdirSync(fonts, { recursive: true })
  copyFileSync(join(publicSans, 'LICENSE'), join(fonts, 'OFL.txt'))
  for (const range of ['latin', 'latin-ext'])
    copyFileSync(
      join(publicSans, `files/public-sans-${range}-wght-normal.woff2`),
      join(fonts, `public-sans-${range}.woff2`),
    )
}
