import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filledIn } from '../support/flood.ts'
import { KillablePostgres } from '../support/killable-postgres.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'

const postgres = new KillablePostgres()
let server: RunningServer

beforeAll(async () => {
  await postgres.start()
  const secret = 'for tests alone: 7f3a9c51e2b84d06'
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'fieldkey@firm.test', WORKER: 'off' }
  server = await startServer({
    ...{ ...postgres.settings, ...mail, NODE_ENV: 'production', SESSION_SECRET: secret, TRUST_PROXY: '1' },
  })
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
  await postgres.stop()
})

const megabytes = () =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

test('two hundred sign-ins at once: some are judged, the others told when to come again, pages go on, memory is bounded', async () => {
  const forms = []
  for (let person = 0; person < 200; person++) forms.push(await filledIn(server.address, person))
  const before = megabytes()
  let peak = before
  let over = false
  const pages: number[] = []
  const looking = (async () => {
    while (!over) {
      for (const path of ['/healthz', '/sign-in']) pages.push((await fetch(server.address + path)).status)
      peak = Math.max(peak, megabytes())
    }
  })()
  const answers = await Promise.all(forms.map((form) => fetch(`${server.address}/sign-in`, form)))
  over = true
  await looking

  const judged = answers.filter(({ status }) => status === 422)
  const later = answers.filter(({ status }) => status === 503)
  expect(judged.length + later.length).toBe(200)
  expect(judged.length).toBeGreaterThanOrEqual(64)
  expect(later.length).toBeGreaterThan(0)
  expect(new Set(later.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['2']))
  expect(await later[0]?.text()).toContain('Many people are signing in right now')
  expect(new Set(pages)).toEqual(new Set([200]))
  expect(peak - before).toBeLessThan(4 * 64 + 128) // four hashes of 64 MB, and what two hundred requests hold
})
