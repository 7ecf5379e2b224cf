// Copies the reader of zips, zip.js, into public/, with its licence: the page that checks evidence packs runs it in the
// browser. Run it again (`node .build/zip.js`) when its version changes; what it writes is committed.
import { readFileSync, writeFileSync } from 'node:fs'

const zipJs = new URL('../node_modules/@zip.js/zip.js/', import.meta.url)
const read = (file) => readFileSync(new URL(file, zipJs), 'utf8')

const { version } = JSON.parse(read('package.json'))
// Its smallest whole build: inflates with the browser's own streams.
const code = read('index-native.min.js')
writeFileSync(
  new URL('../public/zip.min.js', import.meta.url),
  `/*!\nzip.js ${version}\n\n${read('LICENSE')}*/\n${code}`,
)
