import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { sourceStack } from '../../src/platform/source-stack.ts'

const thrown = "throw new Error('The pipeline was closed')"
const inCopy = 'throw new Error("The pipeline was closed")'

/** Where a text begins in a file: line and column, from 1. */
function placeOf(text: string, file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n')
  const line = lines.findIndex((each) => each.includes(text))
  return `${line + 1}:${(lines[line]?.indexOf(text) ?? -1) + 1}`
}

test('a stack trace of the copy in JavaScript names the source', () => {
  execFileSync(process.execPath, ['src/run.js'])
  const copies = readdirSync('.compiled', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => path.resolve('.compiled', name))
  const [copy = ''] = copies.filter((file) => readFileSync(file, 'utf8').includes(inCopy))
  const source = path.resolve('src/platform/pipeline.ts')

  const stack = sourceStack(`Error\n    at query (${pathToFileURL(copy).href}:${placeOf(inCopy, copy)})`)

  expect(stack).toBe(`Error\n    at query (${source}:${placeOf(thrown, source)})`)
})

test('any other stack trace stays as it is', () => {
  const stack = 'Error\n    at file:///elsewhere/server.js:1:2\n    at node:internal/timers:3:4'
  expect(sourceStack(stack)).toBe(stack)
})
