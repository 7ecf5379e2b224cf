import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { modules } from '../../.config/dependency-cruiser.js'

const page = readFileSync('docs/architecture.md', 'utf8')

/** What the page lists in a folder: the names before two spaces or more, or all of a line of folders. */
function listed(folder: string): string[] {
  const tree = new RegExp(`^    ${folder}/\\n((?:      .*\\n)+)`, 'm').exec(page)?.[1] ?? ''
  return tree
    .trimEnd()
    .split('\n')
    .flatMap((line) => (line.trim().split(/ {2,}/)[0] ?? '').split(' '))
    .sort()
}

const present = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()

test.each(['src', 'views', 'test'])('%s is as docs/architecture.md says', (folder) => {
  expect(listed(folder)).toEqual(present(folder))
})

test('the order of modules is the one that docs/architecture.md says', () => {
  const line = /^    (platform → [^#]*?) → src, commands/m.exec(page)?.[1] ?? ''
  expect(line.split(/\s*→\s*/)).toEqual(modules)
})
