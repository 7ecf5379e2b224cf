import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { Db, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const token = 'of Prometheus alone: 41c8d07b9e26'
const expressApp = () => createApp({ db: app.db, config: app.configWith({ METRICS_TOKEN: token }) })

/** The metrics as Prometheus reads them: values by name and labels. */
async function scrape(from = expressApp()) {
  const { text, status, headers } = await supertest(from)
    .get('/metrics')
    .set('Authorization', `Bearer ${token}`)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const figures = new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]))
  return { text, status, headers, figures }
}

test('without METRICS_TOKEN the page does not exist', async () => {
  const answer = await supertest(app.express).get('/metrics').set('Authorization', 'Bearer undefined')
  expect(answer.status).toBe(404)
})

test.each(['', 'Bearer', `Bearer ${token}x`, `Basic ${token}`, token])(
  'with “%s” instead of its token it shows nothing',
  async (authorization) => {
    const answer = await supertest(expressApp()).get('/metrics').set('Authorization', authorization)
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(answer.text).not.toContain('fieldkey_')
  },
)

test('a session does not open it, not even an owner’s', async () => {
  const owner = await new HttpClient(expressApp()).signIn('owner@firm.test', password)
  expect((await owner.get('/metrics')).status).toBe(401)
})

describe('with its token', () => {
  test('it is text for Prometheus, and no cache keeps it', async () => {
    const { status, headers } = await scrape()
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('it counts requests by route and status, and by nothing that a stranger could make up', async () => {
    const counted = expressApp()
    const client = new HttpClient(counted)
    await client.get('/sign-in')
    await client.get('/sign-in?next=/account')
    await supertest(counted).get('/reset-password/a-token-of-somebody')
    await supertest(counted).get('/made-up-1')
    await supertest(counted).delete('/made-up-2')
    const { figures, text } = await scrape(counted)
    const count = (method: string, route: string, status: number) =>
      figures.get(`fieldkey_request_seconds_count{method="${method}",route="${route}",status="${status}"}`)
    expect(count('GET', '/sign-in', 200)).toBe(2)
    expect(count('GET', '/reset-password/:token', 410)).toBe(1)
    expect(count('GET', 'none', 303)).toBe(1)
    expect(text).not.toMatch(/made-up|a-token-of-somebody|DELETE|@/)
  })

  test('it counts jobs, emails of the last day, and checks of the log', async () => {
    await run(app.db, sql`delete from emails`)
    await run(
      app.db,
      sql`insert into emails (template, to_name, to_address, data, status, created_at)
          select 'reset_link', 'A', 'a@b.test', '{}', status, now() - age::interval
          from (values ('sent', '1 hour'), ('sent', '2 hours'), ('failed', '1 hour'), ('failed', '2 days')) l(status, age)`,
    )
    await run(
      app.db,
      sql`insert into activity_checks (checked_at, entries, head_seq, fault)
          values ('2026-03-09T05:00:00Z', 1, 1, null), ('2026-03-10T05:00:00Z', 1, 1, '{"code": "other", "text": "entry 1 was changed"}')`,
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
    const metric = (name: string) => figures.get(`fieldkey_${name}`)
    expect([metric('emails_sent'), metric('emails_failed'), metric('emails_queued')]).toEqual([2, 1, 0])
    expect(metric('log_check_timestamp_seconds')).toBe(Date.UTC(2026, 2, 10, 5) / 1000)
    expect(metric('log_check_faulty')).toBe(1)
    expect([metric('jobs_due'), metric('jobs_failed')]).toEqual([1, 0])
  })

  test('while the database is away it still reports this process, and no made-up zeros', async () => {
    const away = new Db('postgres://nobody@127.0.0.1:1/nothing')
    const { status, figures } = await scrape(
      createApp({ db: away, config: app.configWith({ METRICS_TOKEN: token }) }),
    )
    expect(status).toBe(200)
    expect([...figures.keys()]).toContain('process_resident_memory_bytes')
    expect(figures.has('fieldkey_log_check_timestamp_seconds')).toBe(false)
    await away.close()
  })

  test('it measures connections, memory and event loop lag', async () => {
    const { figures } = await scrape()
    expect(figures.get('fieldkey_database_connections{state="idle"}')).toBeGreaterThanOrEqual(0)
    expect(figures.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect([...figures.keys()]).toContain('nodejs_eventloop_lag_p99_seconds')
  })
})
