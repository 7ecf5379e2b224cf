import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const home = path.resolve(import.meta.dirname, '../..')

test('the house stands: every room looks only downstairs', async () => {
  const { faults, modules, passed } = await lookAt(home)
  expect(faults).toEqual([])
  expect(modules).toBeGreaterThanOrEqual(70)
  expect(passed).toBe(true)
})

test('each kind of fault is seen', async () => {
  const copy = copyOfTheHouse()
  plant(copy, {
    'people/planted.ts': "import '../links/issue.ts'",
    'people/planted-type.ts':
      "import type { LinkRow } from '../links/queries.ts'\nexport type Upstairs = LinkRow",
    'company/planted.ts': "import '../config.ts'",
    'company/first.ts': "import './second.ts'",
    'company/second.ts': "import './first.ts'",
    'activity/planted.ts': "import pg from 'pg'\nexport const pool = new pg.Pool()",
    'passwords/planted.ts': "import { Router } from 'express'\nexport const router = Router()",
    'passwords/planted-type.ts': "import type { Request } from 'express'\nexport type Asked = Request",
    'people/planted-hash.ts': "import argon2 from 'argon2'\nexport const hash = argon2.hash",
    'sessions/planted.ts': "import { Passport } from 'passport'\nexport const passport = new Passport()",
    'services/planted.ts': 'export const service = 1',
    'demo/planted.ts': "import '../services/planted.ts'\nimport './nowhere.ts'",
  })
  const { faults, passed } = await lookAt(copy)
  expect(passed).toBe(false)
  expect(faults.sort()).toEqual([
    'floor-of-company: src/company/planted.ts → src/config.ts',
    'floor-of-demo: src/demo/planted.ts → src/services/planted.ts',
    'floor-of-people: src/people/planted-type.ts → src/auth/links/queries.ts',
    'floor-of-people: src/people/planted.ts → src/auth/links/issue-link.ts',
    'home-of-argon2: src/people/planted-hash.ts → argon2',
    'home-of-express: src/passwords/planted.ts → express',
    'home-of-passport: src/sessions/planted.ts → passport',
    'home-of-pg: src/activity/planted.ts → pg',
    'no-circles: src/company/first.ts → src/company/second.ts → src/company/first.ts',
    'room-without-a-floor: src/demo/planted.ts → src/services/planted.ts',
    'settings-at-the-roof: src/company/planted.ts → src/config.ts',
    'unresolved: src/demo/planted.ts → ./nowhere.ts',
  ])
})

test('a check that sees no modules does not pass', async () => {
  const empty = temporaryFolder()
  fs.mkdirSync(path.join(empty, 'src'))
  expect(await lookAt(empty)).toMatchObject({ faults: [], modules: 0, passed: false })
})

async function lookAt(folder: string) {
  const [passed, said] = await new Promise<[boolean, string]>((resolve) => {
    execFile(process.execPath, [path.join(home, '.config/floors.js'), folder], (error, stdout) =>
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

function copyOfTheHouse(): string {
  const copy = temporaryFolder()
  fs.cpSync(path.join(home, 'src'), path.join(copy, 'src'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json'])
    fs.copyFileSync(path.join(home, file), path.join(copy, file))
  for (const folder of ['node_modules', 'public'])
    fs.symlinkSync(path.join(home, folder), path.join(copy, folder))
  return copy
}

function plant(app: string, files: Record<string, string>) {
  for (const [file, content] of Object.entries(files)) {
    const place = path.join(app, 'src', file)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.writeFileSync(place, `${content}\n`)
  }
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldkey-floors-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}
