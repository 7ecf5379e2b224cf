import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const token = 'of Prometheus alone: 41c8d07b9e26'
const watched = () => createApp({ db: app.db, config: app.configWith({ METRICS_TOKEN: token }) })

/** What Prometheus reads of it: a figure by its name and labels. */
async function scrape(expressApp = watched()) {
  const { text, status, headers } = await supertest(expressApp)
    .get('/metrics')
    .set('Authorization', `Bearer ${token}`)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const figures = new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]))
  return { text, status, headers, figures }
}

test('without METRICS_TOKEN there is no such page, for whomever', async () => {
  const answer = await supertest(app.express).get('/metrics').set('Authorization', 'Bearer undefined')
  expect(answer.status).toBe(404)
})

test.each(['', 'Bearer', `Bearer ${token}x`, `Basic ${token}`, token])(
  'with “%s” in the place of its token it tells nothing',
  async (authorization) => {
    const answer = await supertest(watched()).get('/metrics').set('Authorization', authorization)
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(answer.text).not.toContain('fieldkey_')
  },
)

test('a session opens it to nobody, not even to an owner', async () => {
  const owner = await new HttpClient(watched()).signIn('owner@firm.test', password)
  expect((await owner.get('/metrics')).status).toBe(401)
})

describe('with its token', () => {
  test('it is text for Prometheus, kept by nobody', async () => {
    const { status, headers } = await scrape()
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('it counts requests by door and answer, and by nothing that a stranger could make up', async () => {
    const expressApp = watched()
    const client = new HttpClient(expressApp)
    await client.get('/sign-in')
    await client.get('/sign-in?next=/account')
    await supertest(expressApp).get('/reset-password/a-token-of-somebody')
    await supertest(expressApp).get('/made-up-1')
    await supertest(expressApp).delete('/made-up-2')
    const { figures, text } = await scrape(expressApp)
    const count = (method: string, route: string, status: number) =>
      figures.get(`fieldkey_request_seconds_count{method="${method}",door="${route}",status="${status}"}`)
    expect(count('GET', '/sign-in', 200)).toBe(2)
    expect(count('GET', '/reset-password/:token', 410)).toBe(1)
    expect(count('GET', 'none', 303)).toBe(1)
    expect(text).not.toMatch(/made-up|a-token-of-somebody|DELETE|@/)
  })

  test('it tells of jobs, of letters of the last day and of the log', async () => {
    await run(app.db, sql`delete from letters`)
    await run(
      app.db,
      sql`insert into letters (template, to_name, to_address, data, status, created_at)
          select 'reset_link', 'A', 'a@b.test', '{}', status, now() - age::interval
          from (values ('sent', '1 hour'), ('sent', '2 hours'), ('failed', '1 hour'), ('failed', '2 days')) l(status, age)`,
    )
    await run(
      app.db,
      sql`insert into activity_checks (checked_at, entries, head_seq, fault)
          values ('2026-03-09T05:00:00Z', 1, 1, null), ('2026-03-10T05:00:00Z', 1, 1, 'entry 1 was changed')`,
    )
    await run(
      app.db,
      sql`select graphile_worker.add_job('nothing', '{}'::json, run_at => now() - interval '1 minute')`,
    )
    await run(
      app.db,
      sql`select graphile_worker.add_job('nothing', '{}'::json, run_at => now() + interval '1 hour')`,
    )
    const { figures } = await scrape()
    const of = (what: string) => figures.get(`fieldkey_house{what="${what}"}`)
    expect([of('letters_sent'), of('letters_failed'), of('letters_queued')]).toEqual([2, 1, 0])
    expect([of('log_checked'), of('log_faulty')]).toEqual([Date.UTC(2026, 2, 10, 5) / 1000, 1])
    expect([of('jobs_due'), of('jobs_failed')]).toEqual([1, 0])
  })

  test('it tells of connections, memory and time', async () => {
    const { figures } = await scrape()
    expect(figures.get('fieldkey_database_connections{state="idle"}')).toBeGreaterThanOrEqual(0)
    expect(figures.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect([...figures.keys()]).toContain('nodejs_eventloop_lag_p99_seconds')
  })
})
