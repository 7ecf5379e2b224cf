import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { canonicalAddress, network } from '../../src/platform/ip-address.ts'
import { record } from '../../src/activity/record.ts'
import { createApp } from '../../src/app.ts'
import { many, one, run, sql, type Db } from '../../src/platform/db.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { startServer } from '../support/running-server.ts'
import { HttpClient, textOf } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp({ TRUST_PROXY: '1' })

/** Each address as a proxy may write it, and as it is written everywhere in Fieldkey. */
const spellings: [written: string, address: string][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:5678', '203.0.113.7'],
  [' 203.0.113.7:1 ', '203.0.113.7'],
  ['"203.0.113.7:443"', '203.0.113.7'],
  ['[203.0.113.7]:443', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['::FFFF:CB00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['0000:0000:0000:0000:0000:FFFF:CB00:7107', '203.0.113.7'],
  ['[::ffff:203.0.113.7]:5678', '203.0.113.7'],
  ['::ffff:203.0.113.7:5678', '203.0.113.7'],
  ['2001:db8::7', '2001:db8::7'],
  ['2001:DB8::7', '2001:db8::7'],
  ['2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8::7'],
  ['2001:db8:0:0:0:0:0:7', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['[2001:db8::7]:443', '2001:db8::7'],
  ['"[2001:DB8::7]:443"', '2001:db8::7'],
  ['2001:db8:0:0:0:0:0:7:51234', '2001:db8::7'],
  ['2001:db8::7:51234', '2001:db8::7'],
  ['2001:db8::7%eth0', '2001:db8::7'],
  ['[2001:db8::7%25eth0]:443', '2001:db8::7'],
  ['2001:db8:0:1:0:0:0:7', '2001:db8:0:1::7'],
  ['2001:db8:0:1:1:1:1:7', '2001:db8:0:1:1:1:1:7'],
  ['::1', '::1'],
]
const garbage = [
  '',
  'unknown',
  '_hidden',
  '203.0.113',
  '203.0.113.999',
  '1.2.3.4.5',
  'a:b',
  '::1::2',
  'x'.repeat(999),
]

const Row = z.object({ ip: z.string().nullable() })
const loggedAddresses = async (db: Db, of: string) =>
  (await many(db, Row, sql`select ip from activity_log where subject_id = ${of} order by seq`)).map(
    ({ ip }) => ip,
  )

/** Signs somebody in by way of a proxy that names the client so. */
async function through(written: string, { email }: { email: string }, typed = password) {
  const client = app.client()
  const _csrf = await client.token('/sign-in')
  const answer = await client
    .postBare('/sign-in', { _csrf, email, password: typed })
    .set('X-Forwarded-For', written)
  return { visitor: client, answer }
}

test('an address is one address, whichever way a proxy writes it: in the log, the devices and the filter (fault 13)', async () => {
  const auditor = await app.as('auditor')
  for (const [written, address] of spellings) {
    const who = await app.createUser({ name: 'Wren Writer', role: 'Fieldworker' })
    const { visitor: client } = await through(written, who)
    expect([written, await loggedAddresses(app.db, who.id)]).toEqual([written, [address]])
    const device = await one(app.db, Row, sql`select ip from sessions where user_id = ${who.id}`)
    expect([written, device.ip]).toEqual([written, address])
    expect(textOf((await client.get('/account/sessions')).text)).toContain(`from ${address}.`)
    const found = await auditor.get('/activity-log').query({ ip: written, about: who.id })
    expect([written, textOf(found.text)]).toEqual([written, expect.stringContaining('Wren Writer signed in')])
  }
})

test('the program and the database spell addresses alike (fault 13)', async () => {
  for (const [written, address] of spellings) {
    expect([written, canonicalAddress(written)]).toEqual([written, address])
    const { ip } = await one(app.db, Row, sql`select canonical_address(${written}) as ip`)
    expect([written, ip]).toEqual([written, address])
  }
  for (const written of garbage) {
    expect([written, canonicalAddress(written)]).toEqual([written, undefined])
    const { ip } = await one(app.db, Row, sql`select canonical_address(${written}) as ip`)
    expect(ip).toBe(written)
  }
})

test('every spelling of an address, and all of a /64, is one network to the limits (fault 13)', async () => {
  await resetRateLimits(app.db)
  for (const [written] of spellings.filter(([, address]) => address === '203.0.113.7'))
    await through(written, { email: 'nobody@firm.test' }, 'wrong')
  await run(app.db, sql`delete from password_failures`)
  for (const written of ['2001:db8::7', '[2001:DB8:0:0:ffff::1]:443', '2001:db8:0:0:1:2:3:4:51234'])
    await through(written, { email: 'nobody@firm.test' }, 'wrong')
  const keys = await many(
    app.db,
    z.object({ key: z.string() }),
    sql`select key from rate_limits where key like 'sign-in:%' order by key`,
  )
  expect(keys.map(({ key }) => key)).toEqual(['sign-in:2001:db8:0:0', 'sign-in:203.0.113.7'])
  expect(network('2001:db8:0:1::7')).toBe('2001:db8:0:1')
})

test('what a proxy names that is no address counts as the proxy: the same network each time (fault 13)', async () => {
  for (const written of garbage) {
    const who = await app.createUser({ name: 'Gale Garbage', role: 'Fieldworker' })
    await through(written, who)
    expect([written.slice(0, 20), await loggedAddresses(app.db, who.id)]).toEqual([
      written.slice(0, 20),
      ['127.0.0.1'],
    ])
  }
})

test('a trusted proxy is recognised by its address when another wrote its port behind it (fault 13)', async () => {
  const behind = (trust: string) => createApp({ db: app.db, config: app.configWith({ TRUST_PROXY: trust }) })
  for (const [trust, forwarded, address] of [
    ['loopback, 10.0.0.0/8', '203.0.113.9, 198.51.100.4:5678, 10.0.0.2:443', '198.51.100.4'],
    ['loopback, fd00::/8', '203.0.113.9, [2001:DB8::9]:5678, [FD00::2]:443', '2001:db8::9'],
    ['loopback, 10.0.0.0/8', '203.0.113.9, unknown, 10.0.0.2', '10.0.0.2'],
    ['2', '203.0.113.9, 198.51.100.4:5678, 10.0.0.2', '198.51.100.4'],
    ['false', '198.51.100.4:5678', '127.0.0.1'],
    ['10.0.0.0/8', '198.51.100.4', '127.0.0.1'],
  ] as const) {
    const who = await app.createUser({ name: 'Piet Proxy', role: 'Fieldworker' })
    const client = new HttpClient(behind(trust))
    const _csrf = await client.token('/sign-in')
    await client.postBare('/sign-in', { _csrf, email: who.email, password }).set('X-Forwarded-For', forwarded)
    expect([trust, forwarded, await loggedAddresses(app.db, who.id)]).toEqual([trust, forwarded, [address]])
  }
})

test('the request log names the one spelling too (fault 13)', async () => {
  const server = await startServer({
    ...{ DATABASE_URL: app.connectionString, SESSION_SECRET: sessionSecret, WORKER: 'off', DEMO: 'off' },
    TRUST_PROXY: '1',
  })
  onTestFinished(() => server.kill('SIGKILL'))
  const client = new HttpClient(server.address)
  await client.get('/healthz').set('X-Forwarded-For', '[2001:DB8:0::7%eth0]:443')
  await client.get('/sign-in').set('X-Forwarded-For', '::ffff:203.0.113.7')
  const asked = () => [...server.output().matchAll(/"path":"[^"]+".*"ip":"([^"]+)"/g)].map(([, ip]) => ip)
  await vi.waitFor(() => expect(asked()).toEqual(['2001:db8::7', '203.0.113.7']), 10_000)
})

test('entries of before, as a proxy wrote their address, are found by any spelling of it (fault 13)', async () => {
  const auditor = await app.as('auditor')
  const written = ['198.51.100.77', '198.51.100.77:40001', '198.51.100.77:40002', '::FFFF:198.51.100.77']
  const others = ['198.51.100.7', '198.51.100.78:40001', '198.51.100.77.evil']
  const about = await app.createUser({ name: 'Olga Older', role: 'Fieldworker' })
  for (const ip of [...written, ...others])
    await app.db.transaction(async (tx) =>
      record(
        tx,
        { actor: null, ip, userAgent: null, requestId: null },
        {
          event: 'sign_in_failed',
          subject: about,
          details: { reason: 'wrong_password', note: `from <${ip}>` },
        },
      ),
    )
  for (const typed of ['198.51.100.77', '198.51.100.77:9', '::ffff:c633:644d']) {
    const { text } = await auditor.get('/activity-log').query({ ip: typed, about: about.id })
    const found = [...text.matchAll(/from &lt;([^&]+)&gt;/g)].map(([, ip]) => ip)
    expect([typed, [...new Set(found)].sort()]).toEqual([typed, [...written].sort()])
  }
})
