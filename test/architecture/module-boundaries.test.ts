import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const home = path.resolve(import.meta.dirname, '../..')

// That the modules themselves are in order is `npm run check:dependencies`.
test('each kind of fault is seen', async () => {
  const copy = copyOfSource()
  plant(copy, {
    'people/planted.ts': "import '../auth/links/issue-link.ts'",
    'people/planted-inner.ts': "import './imports/preview.ts'",
    'people/planted-type.ts':
      "import type { LinkRow } from '../auth/links/queries.ts'\nexport type Later = LinkRow",
    'company/planted.ts': "import '../config.ts'",
    'company/first.ts': "import './second.ts'",
    'company/second.ts': "import './first.ts'",
    'activity/planted.ts': "import pg from 'pg'\nexport const pool = new pg.Pool()",
    'auth/passwords/planted.ts': "import { Router } from 'express'\nexport const router = Router()",
    'auth/passwords/planted-type.ts':
      "import type { Request } from 'express'\nexport type Incoming = Request",
    'people/planted-hash.ts': "import argon2 from 'argon2'\nexport const hash = argon2.hash",
    'auth/sessions/planted.ts': "import { Passport } from 'passport'\nexport const passport = new Passport()",
    'services/planted.ts': 'export const service = 1',
    'auth/planted.ts': "import '../services/planted.ts'",
    'embedded/planted.ts':
      "import '../services/planted.ts'\nimport '../auth/planted.ts'\nimport './nowhere.ts'",
  })
  const { faults, passed } = await check(copy)
  expect(passed).toBe(false)
  expect(faults.sort()).toEqual([
    'config-at-the-top: src/company/planted.ts → src/config.ts',
    'module-not-listed: src/auth/planted.ts → src/services/planted.ts',
    'module-not-listed: src/embedded/planted.ts → src/auth/planted.ts',
    'module-not-listed: src/embedded/planted.ts → src/services/planted.ts',
    'no-cycles: src/company/first.ts → src/company/second.ts → src/company/first.ts',
    'order-of-company: src/company/planted.ts → src/config.ts',
    'order-of-embedded: src/embedded/planted.ts → src/auth/planted.ts',
    'order-of-embedded: src/embedded/planted.ts → src/services/planted.ts',
    'order-of-people: src/people/planted-inner.ts → src/people/imports/preview.ts',
    'order-of-people: src/people/planted-type.ts → src/auth/links/queries.ts',
    'order-of-people: src/people/planted.ts → src/auth/links/issue-link.ts',
    'owner-of-argon2: src/people/planted-hash.ts → argon2',
    'owner-of-express: src/auth/passwords/planted.ts → express',
    'owner-of-passport: src/auth/sessions/planted.ts → passport',
    'owner-of-pg: src/activity/planted.ts → pg',
    'unresolved: src/embedded/planted.ts → ./nowhere.ts',
  ])
})

test('a check that sees no modules does not pass', async () => {
  const empty = temporaryFolder()
  fs.mkdirSync(path.join(empty, 'src'))
  expect(await check(empty)).toMatchObject({ faults: [], modules: 0, passed: false })
})

async function check(folder: string) {
  const [passed, said] = await new Promise<[boolean, string]>((resolve) => {
    execFile(process.execPath, [path.join(home, '.config/dependencies.js'), folder], (error, stdout) =>
      resolve([error === null, stdout]),
    )
  })
  const lines = said.trim().split('\n')
  const modules = Number(lines.pop()?.split(' ')[0])
  return {
    faults: lines.map((line) => line.replace(/→ \S*node_modules\/([^/]+)\/.*/, '→ $1')),
    modules,
    passed,
  }
}

function copyOfSource(): string {
  const copy = temporaryFolder()
  fs.cpSync(path.join(home, 'src'), path.join(copy, 'src'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json'])
    fs.copyFileSync(path.join(home, file), path.join(copy, file))
  for (const folder of ['node_modules', 'public'])
    fs.symlinkSync(path.join(home, folder), path.join(copy, folder))
  return copy
}

function plant(folder: string, files: Record<string, string>) {
  for (const [file, content] of Object.entries(files)) {
    const place = path.join(folder, 'src', file)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.writeFileSync(place, `${content}\n`)
  }
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldkey-modules-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}
