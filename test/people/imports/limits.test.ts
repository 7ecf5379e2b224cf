import { beforeAll, describe, expect, test } from 'vitest'
import { Count, one, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const route = '/fieldworkers/import'
const header = 'name,email,phone,team\n'
const megabyte = 2 ** 20
const most = 5 * megabyte

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

/** The memory of this process that is in use at most while a file is judged, with what waits to be collected. */
async function peakWhile<T>(work: Promise<T>): Promise<{ answer: T; peak: number; turns: number }> {
  const before = process.memoryUsage().heapUsed
  let [peak, turns] = [0, 0]
  const watching = setInterval(() => {
    turns++
    peak = Math.max(peak, process.memoryUsage().heapUsed - before)
  }, 5)
  const answer = await work
  clearInterval(watching)
  return { answer, peak, turns }
}

describe('a file is bounded before it is expanded', () => {
  test.each([
    { what: 'two million short lines', file: header + 'a\n'.repeat((most - 100) / 2), why: /at most 50,000/ },
    {
      what: 'two million lines of commas',
      file: header + ',\n'.repeat((most - 100) / 2),
      why: /at most 50,000/,
    },
    {
      what: 'a row of five million cells',
      file: header + ','.repeat(most - 100),
      why: /at most 1,000,000 are/,
    },
    { what: 'a header of a million cells', file: 'name,'.repeat(megabyte), why: /at most 1,000,000 are/ },
    {
      what: 'a cell of five megabytes',
      file: header + 'a'.repeat(most - 100),
      why: /row near line \d+.*10,000/i,
    },
    {
      what: 'a quotation mark that is never closed',
      file: `${header}"${'Ada Brandt,\n'.repeat(most / 12 - 10)}`,
      why: /row near line \d+.*10,000/i,
    },
    { what: 'only empty lines', file: header + '\n'.repeat(most - 100), why: /at most 50,000/ },
    { what: 'only old line ends', file: header + '\r'.repeat(most - 100), why: /at most 50,000/ },
    {
      what: 'five megabytes of quotation marks',
      file: header + '"'.repeat(most - 100),
      why: /line 2|never closed/,
    },
  ])('$what (fault 2)', async ({ file, why }) => {
    const { answer, peak } = await peakWhile(admin.upload(route, file))
    expect(answer.status).toBe(422)
    expect(textOf(answer.text)).toMatch(why)
    expect(peak).toBeLessThan(400 * megabyte)
  })

  test('fifty thousand rows of as many cells as fit are judged, in bounded memory, and others have their turn (fault 2)', async () => {
    const row = `${'a,'.repeat(19)}\n`
    const { answer, peak, turns } = await peakWhile(admin.upload(route, header + row.repeat(50_000)))
    expect(answer.status).toBe(303)
    expect(peak).toBeLessThan(400 * megabyte)
    expect(turns).toBeGreaterThan(10)
  })

  test('of sixty files at once some are judged, the others told when to come again, in bounded memory (fault 2)', async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => `Person ${i},p${i}@many.test,,\n`).join('')
    const { answer: answers, peak } = await peakWhile(
      Promise.all(Array.from({ length: 60 }, () => admin.upload(route, header + rows))),
    )
    const judged = answers.filter(({ status }) => status === 303)
    const later = answers.filter(({ status }) => status === 429)
    expect(judged.length).toBeGreaterThan(0)
    expect(later.length).toBeGreaterThan(0)
    expect(judged.length + later.length).toBe(60)
    expect(new Set(later.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['10']))
    expect(peak).toBeLessThan(400 * megabyte)
  })

  test('of the files that nobody started only the last ten of a person are kept (fault 2)', async () => {
    const { admin: who } = app.cast
    const kept = async () =>
      (await one(app.db, Count, sql`select count(*) from imports where started_by = ${who.id}`)).count
    for (let i = 0; i < 12; i++) await admin.upload(route, `${header}Ada,ada${i}@kept.test,,\n`)
    expect(await kept()).toBe(10)
    const place = (await admin.upload(route, `${header}Ada,ada@kept.test,,\n`)).headers.location ?? ''
    expect((await admin.get(place)).status).toBe(200)
  })
})

test('a choice of more than five thousand people by hand is refused in words (fault 2)', async () => {
  const ids = Array.from(
    { length: 5_001 },
    (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  )
  const answer = await admin.post('/fieldworkers/bulk', { action: 'block', ids }, '/fieldworkers')
  expect(answer.status).toBe(413)
  expect(textOf(answer.text)).toContain('larger than Fieldkey accepts')
})
