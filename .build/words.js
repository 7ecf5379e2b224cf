// Makes public/words.txt, the words of generated passphrases, from two word lists:
//   node .build/words.js eff_large_wordlist.txt english.txt
// Where the lists are and by which rule words are left out: docs/decisions/0056-short-passphrases.md
import { readFileSync, writeFileSync } from 'node:fs'
import { leftOut } from './left-out-words.js'

const out = new Set(Object.values(leftOut).flatMap((words) => words.trim().split(/\s+/)))
const words = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, 'utf8').match(/(?<![^\s])[a-z]+(?=\r?\n|$)/g))
const short = new Set(words.filter(({ length }) => length >= 3 && length <= 6))
const kept = [...short].filter((word) => !out.has(word)).sort()

writeFileSync(new URL('../public/words.txt', import.meta.url), `${kept.join('\n')}\n`)
console.log(`${kept.length} words`)
