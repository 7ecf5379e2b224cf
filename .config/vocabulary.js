// Fails on words of a private dialect and says the standard term. `node .config/vocabulary.js [FOLDER]`.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The words, and what to write instead. */
const banned = {
  'house|houses': 'app',
  'rooms?': 'module',
  'floors?': 'order of modules, or minimum',
  'roof|upstairs|downstairs': 'composition root, earlier or later module',
  'doors?': 'route',
  'deeds?': 'action',
  foundation: 'platform',
  'letters?': 'email, or letters of the alphabet',
  'carriers?': 'session data',
  'tellings?|befell': 'description',
  'kit|kits': 'services',
  'town|towns': 'app',
  whoever: 'anyone who, or the person who',
  whom: 'who, or the person',
  anew: 'again',
  thereby: 'so',
  themself: 'themselves',
  'beyond (your|their|its) reach': 'outside your access',
  'die|dies|died|dead|dying': 'expire, end, invalid',
  'bury|buried': 'expire',
  'vouch|voucher|vouching': 'lock',
  'excuse|excuses|excused': 'skip reason',
  'mend|mends|mended': 'fix, correct',
  'bears|bore': 'has, carries',
  epoch: 'credential version',
  'sooner trust|off season|shut out': 'plain words',
}

/** Where a word is meant as everybody means it. */
const allowed = [
  /deadlock|AppleWebKit|isDead\(\)/gi,
  /Electronic Frontier Foundation|letter-spacing|first-letter|floor\(|extract\(epoch|icon: 'house'/g,
  // The contract names this automation.
  /Temporary passwords that die unused/g,
  // Letters of the alphabet.
  /(capital|first|more|three|twelve|broken|foreign|accented|Latin) ?letters?|letters?,? (digits?|and digits|without accents|of the alphabet|that are not)/gi,
]

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'))
const places = [
  'src',
  'views',
  'public',
  'test',
  'docs',
  '.config',
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
]
const read = /\.(ts|js|ejs|md|css|sql)$/
const skipped =
  /(^|\/)(vocabulary\.js|zip\.min\.js|noble-sha256\.js|made-by-0\.1\.0\.sql|upgrade-reasons\.test\.ts|vendor|pictures|glossary\.md)/

function filesIn(place) {
  const whole = path.join(folder, place)
  if (read.test(place)) return [place]
  return readdirSync(whole, { withFileTypes: true }).flatMap((entry) => {
    const inner = `${place}/${entry.name}`
    return entry.isDirectory() ? filesIn(inner) : read.test(entry.name) ? [inner] : []
  })
}

/** The words of a line; camelCase and snake_case names are taken apart. */
const plain = (line) =>
  allowed
    .reduce((text, meant) => text.replace(meant, ''), line)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')

const rules = Object.entries(banned).map(([words, instead]) => ({
  found: new RegExp(`\\b(${words})\\b`, 'i'),
  instead,
}))

let count = 0
for (const file of places.flatMap(filesIn).filter((name) => !skipped.test(name)))
  for (const [i, line] of readFileSync(path.join(folder, file), 'utf8').split('\n').entries())
    for (const { found, instead } of rules) {
      const word = found.exec(plain(line))?.[0]
      if (!word) continue
      count += 1
      console.log(`${file}:${i + 1}: “${word}”: say ${instead}`)
    }
console.log(`${count} words of the old dialect`)
process.exit(count > 0 ? 1 : 0)
