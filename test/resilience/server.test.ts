import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, many, sql } from '../../src/platform/db.ts'
import { ownerOf, testDatabase } from '../support/database.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'

const database = testDatabase()
const start = (more: Record<string, string> = {}) =>
  startServer({
    ...more,
    DATABASE_URL: database,
    DATABASE_OWNER_URL: ownerOf(database),
    DEMO: 'on',
    SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
  })

/** A browser of the plainest kind. */
function browser({ address }: RunningServer) {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(address + path, { ...init, headers: { cookie: header() }, redirect: 'manual' })
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }
  const header = () => [...cookies].map((pair) => pair.join('=')).join('; ')
  const token = async (page: string) =>
    /name="_csrf" value="([^"]+)"/.exec((await send(page)).text)?.[1] ?? ''
  return {
    get: (path: string) => send(path),
    async post(path: string, fields: Record<string, string>, page = path) {
      return send(path, {
        method: 'POST',
        body: new URLSearchParams({ _csrf: await token(page), ...fields }),
      })
    },
    ...{ token, header, cookies: () => [...cookies.values()] },
  }
}

/** Every row of every table but session_data, which holds the session ids that its cookies sign. */
async function everythingStored(without = 'session_data'): Promise<string> {
  const db = new Db(database)
  const tables = await many(
    db,
    z.object({ name: z.string() }),
    sql`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
        where schemaname in ('public', 'graphile_worker') and tablename <> ${without}`,
  )
  const dumps = tables.map(({ name }) =>
    many(
      db,
      z.object({ row: z.string() }),
      sql`select t::text as row from ${sql([name] as unknown as TemplateStringsArray)} t`,
    ),
  )
  const rows = (await Promise.all(dumps)).flat().map(({ row }) => row)
  await db.close()
  return rows.join('\n')
}

describe('the running server', { timeout: 180_000 }, () => {
  test('starts with the demo company, says where and who, and keeps every secret', async () => {
    const server = await start()
    expect(server.output()).toContain('owner@demo.test')
    expect(server.output()).toContain(demoPassword)
    const admin = browser(server)
    const secrets = ['canary wrong guess 17', 'canary given lantern 58', 'canary chosen violin 93']
    const [wrong = '', given = '', chosen = ''] = secrets
    await admin.post('/sign-in', { email: 'admin@demo.test', password: wrong })
    await admin.post('/sign-in', { email: 'admin@demo.test', password: demoPassword })
    const list = (await admin.get('/fieldworkers?q=worker7')).text
    const route = /\/users\/[0-9a-f-]+\/password/.exec(list)?.[0] ?? ''
    const fields = { newPassword: given, confirmPassword: given, mustChange: '1', endSessions: '1' }
    expect((await admin.post(route, fields)).status).toBe(303)
    const worker = browser(server)
    await worker.post('/sign-in', { email: 'worker7@demo.test', password: given })
    const own = { currentPassword: given, newPassword: chosen, confirmPassword: chosen }
    expect((await worker.post('/account/password', own)).location).toBe('/account')

    const token = 'canary-of-a-token-in-an-address-canary-token'
    for (const path of [`/reset-password/${token}`, `/Reset-Password/${token}`, `/verify-email/${token}`]) {
      await admin.get(path)
      await fetch(server.address + path, { method: 'POST' })
    }

    const said = server.output().split('/dev/outbox')[1] ?? ''
    const stored = await everythingStored()
    const carried = [...admin.cookies(), ...worker.cookies()].map((cookie) =>
      decodeURIComponent(cookie).slice(2, 34),
    )
    for (const secret of [...secrets, demoPassword, token, ...carried.filter(Boolean)]) {
      expect(said).not.toContain(secret)
      expect(stored).not.toContain(secret)
    }
    for (const line of said.split('\n').filter((text) => text.startsWith('{')))
      expect(JSON.parse(line)).toHaveProperty('level')
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  test('names no place for its mail where a mail server is set, which shuts that address', async () => {
    const server = await start({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'fieldkey@acme.test' })
    expect(server.output()).toContain(demoPassword)
    expect(server.output()).not.toContain('outbox')
    expect((await fetch(`${server.address}/dev/outbox`, { redirect: 'manual' })).status).toBe(303)
    server.kill('SIGTERM')
    await server.ended
  })

  test('tells its own log the number and the hash of each entry of the activity log, once it is there', async () => {
    const server = await start()
    await browser(server).post('/sign-in', { email: 'auditor@demo.test', password: demoPassword })
    await browser(server).post('/sign-in', { email: 'nobody@demo.test', password: 'not it' })
    server.kill('SIGTERM')
    await server.ended
    const told = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"recorded"'))
      .map((line) => JSON.parse(line) as Record<string, string>)
    expect(told.map(({ activity }) => activity)).toEqual(['sign_in', 'sign_in_failed'])
    const db = new Db(database)
    for (const { id, seq, hash, at } of told) {
      const entry = z.object({ seq: z.string(), hash: z.string(), at: z.date() })
      const found = await many(
        db,
        entry,
        sql`select seq::text, encode(hash, 'hex') as hash, at from activity_log where id = ${id}`,
      )
      expect(found).toEqual([{ seq, hash, at: new Date(at ?? '') }])
    }
    await db.close()
  })

  test('keeps the token of a mailed link nowhere: not in a table, a job, a session or the log', async () => {
    const server = await start()
    const client = browser(server)
    await client.post('/forgot-password', { email: 'worker8@demo.test' })
    const link = await vi.waitFor(async () => {
      const emails = JSON.parse((await client.get('/dev/outbox.json')).text) as {
        to: string
        link: string
        status: string
      }[]
      const email = emails.find(({ to, status }) => to === 'worker8@demo.test' && status === 'sent')
      expect(email?.link).toContain('/reset-password/')
      return new URL(email?.link ?? '').pathname
    }, 10_000)
    expect((await client.get(link)).location).toBe('/reset-password')
    expect((await client.get('/reset-password')).status).toBe(200)

    const token = link.split('/').at(-1) ?? ''
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await everythingStored('')).not.toContain(token)
    expect(server.output()).not.toContain(token)
    server.kill('SIGTERM')
    await server.ended
  })

  test('told to stop, answers what it was asked before, and ends in order', async () => {
    const server = await start()
    const client = browser(server)
    const _csrf = await client.token('/sign-in')
    const body = new URLSearchParams({ _csrf, email: 'auditor@demo.test', password: demoPassword }).toString()
    const headers = {
      cookie: client.header(),
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
    }
    const asking = http.request(`${server.address}/sign-in`, { method: 'POST', headers })
    const answered = once(asking, 'response')
    asking.write(body.slice(0, 20))
    await setTimeout(200)
    server.kill('SIGTERM')
    await setTimeout(200)
    asking.end(body.slice(20))
    const [answer] = (await answered) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(303)
    answer.resume()
    expect(await server.ended).toBe(0)
  })

  test('a second start changes nothing that people have done since', async () => {
    const first = await start()
    first.kill('SIGINT')
    expect(await first.ended).toBe(0)
    const again = await start()
    const worker = browser(again)
    expect(
      (await worker.post('/sign-in', { email: 'worker7@demo.test', password: demoPassword })).status,
    ).toBe(422)
    again.kill('SIGTERM')
    await again.ended
  })

  test('does not start with settings that cannot work, and names them', async () => {
    await expect(startServer({ DATABASE_URL: 'mysql://x', WORKER: 'perhaps' })).rejects.toThrow(
      /DATABASE_URL[\s\S]*WORKER/,
    )
  })

  test('does not start where links in emails would lead nowhere, and says what to write (fault 36)', async () => {
    await expect(startServer({ BASE_URL: 'https://keys.acme.test/fieldkey?x=1' })).rejects.toThrow(
      /ended with 1:[\s\S]*BASE_URL must have no path and no query.*: write https:\/\/keys\.acme\.test\n/,
    )
  })
})

test('the image starts the server as npm start does', () => {
  const command = /^CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8'))?.[1] ?? '[]'
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
  expect((JSON.parse(command) as string[]).join(' ')).toBe(scripts.start)
})
