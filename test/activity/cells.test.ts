import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { record } from '../../src/activity/record.ts'
import { one, run, sql } from '../../src/platform/db.ts'
import { z } from 'zod'
import { columns, rowsOf } from '../support/csv.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const office = spawnSync('libreoffice', ['--version']).status === 0

/** Names as a careless or a hostile hand types them, and how each must stand in the cell. */
const names: [name: string, cell: string][] = [
  [`=cmd|' /C calc'!A0`, `'=cmd|' /C calc'!A0`],
  ['=1+1', `'=1+1`],
  ['+44 1632 960001', `'+44 1632 960001`],
  ['-2+3', `'-2+3`],
  ['@SUM(1,1)', `'@SUM(1,1)`],
  ['\t=1+1', `'\t=1+1`],
  ['\r=1+1', `'\r=1+1`],
  ['\n=1+1', `'\n=1+1`],
  [' =HYPERLINK("http://evil.test")', `' =HYPERLINK("http://evil.test")`],
  ['\u00a0=1+1', `'\u00a0=1+1`],
  ['\uff1d1+1', `'\uff1d1+1`],
  ['Sam "The Key" Field', 'Sam "The Key" Field'],
  ['Field, Sam; Jr.', 'Field, Sam; Jr.'],
  ['Sam\nField', 'Sam\nField'],
  ['Sam\r\nField', 'Sam\r\nField'],
  ['"', '"'],
  ['",=1+1,"', '",=1+1,"'],
  ['\u202egnp.exe\u202c \u05e9\u05dd', '\u202egnp.exe\u202c \u05e9\u05dd'],
  ['Zoë 😀 Ægir', 'Zoë 😀 Ægir'],
  ['\ufeffSam', '\ufeffSam'],
]

let csv: string

// Each of them signs in, and so stands in the log as actor and as subject.
beforeAll(async () => {
  for (const [name] of names) {
    const person = await app.createUser({ name: 'Plain', role: 'Fieldworker' })
    await run(app.db, sql`update users set name = ${name} where id = ${person.id}`)
    await app.signIn(person)
  }
  const auditor = await app.as('auditor')
  csv = (await auditor.get('/activity-log.csv?event=sign_in&about=plain').expect(200)).text
}, 60_000)

describe('cells of the CSV', () => {
  test('stand where they belong for a strict reader, and none begins as a formula does', () => {
    const rows = rowsOf(csv).reverse()
    expect(Object.keys(rows[0] ?? {}).join()).toBe(columns)
    expect(rows.map(({ actor_name }) => actor_name)).toEqual(names.map(([, cell]) => cell))
    expect(rows.map(({ subject_name }) => subject_name)).toEqual(names.map(([, cell]) => cell))
    for (const row of rows) {
      expect(row.details).toBe('{"remembered": false}')
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
  })

  test('never hold a NUL: no form takes one, and the action that would store one is undone', async () => {
    const answer = await app.client().post('/sign-in', { email: 'sam\0@firm.test', password: 'x' })
    expect(answer.status).toBe(422)
    const before = await count()
    const somebody = { ...app.cast.sam, name: 'Sam\0Field' }
    const by = { actor: somebody, ip: null, userAgent: null, requestId: null }
    const action = app.db.transaction(async (tx) => record(tx, by, { event: 'sign_out', subject: somebody }))
    await expect(action).rejects.toThrow('invalid byte sequence')
    expect(await count()).toBe(before)
  })

  test.runIf(office)(
    'stand where they belong in LibreOffice, with all it can evaluate switched on, and nothing is evaluated',
    { timeout: 120_000 },
    async () => {
      const { cells, formulas } = await openedInLibreOffice(csv)
      expect(formulas).toEqual([])
      const expected = [columns.split(','), ...rowsOf(csv).map((row) => Object.values(row))]
      expect(cells).toEqual(expected.map((row) => row.map(asShown)))
    },
  )
})

const count = async () =>
  (await one(app.db, z.object({ n: z.string() }), sql`select count(*)::text as n from activity_log`)).n

/** A cell's lines are paragraphs there, and what XML cannot hold is left out. */
const asShown = (cell: string) => cell.replace(/\r\n|\r|\n/g, '\n')

async function openedInLibreOffice(text: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-cells-'))
  try {
    writeFileSync(path.join(folder, 'log.csv'), text)
    // Comma, quote, UTF-8, from line 1; quoted cells are not taken as text, special numbers are detected, formulas evaluated.
    const filter = 'Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1,true'
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const options = [
      '--headless',
      profile,
      `--infilter=${filter}`,
      '--convert-to',
      'fods',
      '--outdir',
      folder,
    ]
    await promisify(execFile)('libreoffice', [...options, path.join(folder, 'log.csv')])
    return sheetOf(readFileSync(path.join(folder, 'log.fods'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sheetOf(xml: string) {
  const formulas = [...xml.matchAll(/table:formula="([^"]*)"/g)].map(([, formula]) => formula)
  const rows = [...xml.matchAll(/<table:table-row\b[^>]*>([\s\S]*?)<\/table:table-row>/g)]
  return { formulas, cells: rows.map(([, row = '']) => cellsOf(row)).filter((row) => row.some(Boolean)) }
}

function cellsOf(row: string): string[] {
  const cells: string[] = []
  for (const [, attributes = '', inside = ''] of row.matchAll(
    /<table:table-cell\b([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/g,
  )) {
    const times = Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1)
    if (times < 100) for (let i = 0; i < times; i++) cells.push(textOf(inside))
  }
  return cells
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function textOf(inside: string): string {
  const paragraphs = [...inside.matchAll(/<text:p\b[^>]*?(?:\/>|>([\s\S]*?)<\/text:p>)/g)].map(
    ([, p = '']) => p,
  )
  return paragraphs
    .join('\n')
    .replace(/<text:s(?: text:c="(\d+)")?\/>/g, (_, n?: string) => ' '.repeat(Number(n ?? 1)))
    .replace(/<text:tab\/>/g, '\t')
    .replace(/<[^>]+>/g, '')
    .replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '?')
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
}
