import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

const home = path.resolve(import.meta.dirname, '../..')
const read = (name: string) =>
  JSON.parse(readFileSync(path.join(home, name), 'utf8')) as Record<string, never>

interface Package {
  version?: string
  resolved?: string
  integrity?: string
  hasInstallScript?: boolean
}
interface Files {
  wanted: { dependencies: Record<string, string> }
  lock: { packages: Record<string, Package> }
}

/** What the check says of our packages after somebody changed them so. */
function check(change: (files: Files) => void = () => {}) {
  const files = { wanted: read('package.json'), lock: read('package-lock.json') } as unknown as Files
  change(files)
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-packages-'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(files.wanted))
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(files.lock))
  const { status, stdout } = spawnSync(process.execPath, ['.config/packages.js', folder], {
    cwd: home,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  return { status, stdout }
}

const ofCookie = ({ lock }: Files) => lock.packages['node_modules/cookie'] ?? {}

test('our packages are pinned, from the public registry, with a checksum, and none too old', () => {
  expect(check()).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d{3} packages, 0 faults\n$/) as string,
  })
})

test.each<[string, (files: Files) => void, string]>([
  [
    'a range of versions',
    ({ wanted }) => (wanted.dependencies.express = '^5.3.0'),
    'express: ^5.3.0 is not pinned',
  ],
  [
    'a cookie parser with the known fault',
    (files) => (ofCookie(files).version = '0.6.0'),
    '0.6.0 is older than 0.7.0',
  ],
  [
    'another registry',
    (files) => (ofCookie(files).resolved = 'https://evil.test/cookie.tgz'),
    'not from the public registry',
  ],
  ['a package without a checksum', (files) => (ofCookie(files).integrity = ''), 'has no checksum'],
  [
    'a new install script',
    (files) => (ofCookie(files).hasInstallScript = true),
    'cookie: has an install script',
  ],
])('%s is refused', (_, change, fault) => {
  const { status, stdout } = check(change)
  expect([status, stdout]).toEqual([1, expect.stringContaining(fault)])
})

test('the list of what is inside can be had, in the form that scanners read', { timeout: 60_000 }, () => {
  const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
    cwd: home,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  const bill = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] }
  expect(bill.bomFormat).toBe('CycloneDX')
  const names = bill.components.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['express', 'argon2', 'csurf', 'pg']))
  expect(names).not.toContain('vitest')
})
