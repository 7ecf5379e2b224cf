import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import ts from 'typescript'
import { requirementsPage } from '../../.build/requirements.js'
import { files } from '../support/files.ts'

const page = readFileSync('SECURITY.md', 'utf8')
const tests = files('test', /\.test\.ts$/)

/** Numbers from one to another, both included. */
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
// Every requirement that must hold before a release. The numbers left out are good to have, or were given up.
const numbers = [
  ...[...span(1, 18), '20', '21', '23', '24', '25', '25b', ...span(26, 29)],
  ...[...span(31, 39), ...span(41, 82), ...span(84, 92), ...span(94, 99), ...span(102, 105), '107', '108'],
  ...[...span(109, 114), '116', ...span(120, 125), ...span(126, 132), ...span(135, 150), ...span(152, 164)],
  ...['167', '168', '169', '235', ...span(241, 244)],
  ...span(209, 217),
]
const statuses = ['holds', 'deviates', 'not yet']
const commands = /^npm (run (test:resilience|bench -- [\w-]+)|sbom .+)$/

interface Requirement {
  row: string
  source: string
  holds: string
  status: string
  shownBy: string[]
}

const sections = JSON.parse(readFileSync('docs/security/requirements.json', 'utf8')) as {
  section: string
  requirements: Requirement[]
}[]
const requirements = sections.flatMap((section) => section.requirements)

/** What the tests and the groups of a file are called, each with the groups around it, read as the compiler reads it. */
function titlesIn(file: string, text: string): string[][] {
  const found: string[][] = []
  const walk = (node: ts.Node, around: string[]) => {
    const title = titleOf(node)
    const here = title === undefined ? around : [...around, title]
    if (title !== undefined) found.push(here)
    ts.forEachChild(node, (child) => walk(child, here))
  }
  walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), [])
  return found
}

function titleOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined
  let callee: ts.Node = node.expression
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression
  const [first] = node.arguments
  const named = ts.isIdentifier(callee) && ['test', 'describe'].includes(callee.text)
  return named && first && ts.isStringLiteralLike(first) ? first.text : undefined
}

let titles: Map<string, string[][]>
beforeAll(() => {
  titles = new Map([...tests].map(([file, text]) => [file, titlesIn(file, text)]))
})

/** Whether `file › name`, or `file › group › name`, is there. */
function isThere(named: string): boolean {
  const [file = '', ...chain] = named.split(' › ')
  const ends = (title: string[]) => chain.every((one, i) => one === title[title.length - chain.length + i])
  return (
    chain.length > 0 && (titles.get(file) ?? []).some((title) => title.length >= chain.length && ends(title))
  )
}

describe('the security requirements', () => {
  test('are each there once, in order', () => {
    expect(requirements.map(({ row }) => row)).toEqual(numbers)
  })

  test('are a page that is generated from them', () => {
    expect(readFileSync('docs/security/requirements.md', 'utf8')).toBe(requirementsPage(sections))
  })

  test('say where they come from, what holds, and whether it does', () => {
    for (const { row, source, holds, status } of requirements)
      expect([row, source.length > 2, holds.length > 10, statuses.includes(status)]).toEqual([
        row,
        ...[true, true, true],
      ])
  })

  test('name tests that are there, by their names, for all that is said to hold', () => {
    expect(
      isThere(
        'test/architecture/security.test.ts › the security requirements › are each there once, in order',
      ),
    ).toBe(true)
    for (const wrong of [
      'test/architecture/security.test.ts',
      'test/architecture/security.test.ts › no such test',
      'test/none.test.ts › x',
    ])
      expect([wrong, isThere(wrong)]).toEqual([wrong, false])
    const missing = requirements.flatMap(({ row, shownBy }) =>
      shownBy.filter((one) => !commands.test(one) && !isThere(one)).map((one) => `row ${row}: ${one}`),
    )
    expect(missing).toEqual([])
    const unshown = requirements.filter(
      ({ status, shownBy }) => status !== 'not yet' && !shownBy.some(isThere),
    )
    expect(unshown.map(({ row }) => row)).toEqual([])
  })

  test('are among the known gaps where they deviate or do not hold yet, and nobody calls us compliant', () => {
    const told = page.slice(page.indexOf('## Known gaps'))
    for (const { row } of requirements.filter(({ status }) => status !== 'holds'))
      expect([row, new RegExp(`\\(rows? (\\d+b?(, | and ))*${row}\\b`).test(told)]).toEqual([row, true])
    expect(page).not.toMatch(/\bNIST[- ]compliant\b/i)
  })

  test('name every test of their own, which says by its number what it shows', () => {
    const own = [...titles].filter(([file]) => file.startsWith('test/security/'))
    expect(own.length).toBeGreaterThan(7)
    const named = new Set(requirements.flatMap(({ shownBy }) => shownBy))
    for (const [file, all] of own)
      for (const title of all) {
        const chains = title.map((_, i) => [file, ...title.slice(0, i + 1)].join(' › '))
        const whole = title.map((_, i) => [file, ...title.slice(i)].join(' › '))
        const leads = all.some(
          (other) => other.length > title.length && title.every((one, i) => other[i] === one),
        )
        if (leads) continue
        expect(title.join(' › ')).toMatch(/\brows? \d+/)
        expect([title, [...chains, ...whole].some((one) => named.has(one))]).toEqual([title, true])
      }
  })
})
