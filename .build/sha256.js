// Copies SHA-256 of @noble/hashes into public/, with its licence: browsers hash no streams of their own, and the page that
// checks evidence packs must not hold a whole one. Run it again (`node .build/sha256.js`) when its version changes; what
// it writes is committed.
import { readFileSync, writeFileSync } from 'node:fs'

const noble = new URL('../node_modules/@noble/hashes/', import.meta.url)
const read = (file) => readFileSync(new URL(file, noble), 'utf8')
const { version } = JSON.parse(read('package.json'))

/** The modules one behind the other, as one: without what they take from each other and hand on. */
const code = ['utils', '_md', '_u64', 'sha2']
  .map((name) => read(`esm/${name}.js`))
  .join('\n')
  .replace(/^import .*\n/gm, '')
  .replace(/^export (default .*|\{.*)\n/gm, '')
  .replace(/^export /gm, '')
  .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
writeFileSync(
  new URL('../public/noble-sha256.js', import.meta.url),
  `/*!\n@noble/hashes ${version}\n\n${read('LICENSE')}*/\n${code}\nexport { sha256 }\n`,
)
