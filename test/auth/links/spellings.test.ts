import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { createUser, password, type TestUser } from '../../support/people.ts'

const app = createTestApp()
let server: Server
beforeAll(async () => {
  server = createServer(app.express)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** Asks for a path as it stands, with nothing encoded or cleaned on the way. */
async function open(path: string): Promise<{ status: number; location?: string; body: string }> {
  const { port } = server.address() as { port: number }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, resolve).on('error', reject)
  })
  const body = Buffer.concat(await answer.toArray()).toString()
  return { status: answer.statusCode ?? 0, location: answer.headers.location, body }
}

let people = 0
const somebody = (traits = {}) =>
  createUser(app.db, {
    name: 'Bas Linker',
    email: `bas${++people}@firm.test`,
    role: 'Fieldworker',
    ...traits,
  })
async function forgot(who: TestUser) {
  await app.client().post('/forgot-password', { email: who.email })
  await app.runJobs()
  return linkTo(who)
}
async function linkTo({ email }: { email: string }) {
  const newest = (await app.emailsTo({ email } as TestUser)).find(({ link }) => link)
  return new URL(newest?.link ?? 'http://no.link').pathname
}
async function changingEmail() {
  const who = await somebody()
  const moved = { email: `moved.${who.email}` }
  await (await app.signIn(who)).post('/account/email', { email: moved.email, password })
  await app.runJobs()
  return { who, moved }
}
async function campaign() {
  const who = await somebody()
  const admin = await app.as('admin')
  const list = await many(app.db, z.object({ id: z.string() }), sql`select id from canned_responses limit 1`)
  const fields = { cannedResponseId: list[0]?.id ?? '', ids: who.id, emailsPerSecond: '100' }
  await admin.post('/campaigns', fields, `/campaigns/new?ids=${who.id}`)
  await app.runJobs()
  return linkTo(who)
}

const kinds: [string, () => Promise<string>, { status: number; location?: string }][] = [
  ['a reset link', async () => forgot(await somebody()), { status: 303, location: '/reset-password' }],
  ['a campaign link', campaign, { status: 303, location: '/reset-password' }],
  [
    'an invitation',
    async () => forgot(await somebody({ status: 'invited', verified: false })),
    { status: 303, location: '/invitation' },
  ],
  ['a verification', async () => forgot(await somebody({ verified: false })), { status: 200 }],
  ['a change of email', async () => linkTo((await changingEmail()).moved), { status: 200 }],
  ['an objection', async () => linkTo((await changingEmail()).who), { status: 200 }],
]

const cut = (path: string, at: number, what: string) => path.slice(0, at) + what + path.slice(at)
const behind = [
  ...[
    '/',
    '.',
    ',',
    ';',
    ':',
    '!',
    '?',
    ')',
    ']',
    '}',
    '>',
    '"',
    "'",
    '*',
    '_',
    '-',
    '--',
    '//',
    '/.',
    ').',
    '">',
  ],
  ...[
    '%20',
    '%2F',
    '%2E',
    '%29',
    '%5D',
    '%3E',
    '%22',
    '%27',
    '%2C',
    '%0A',
    '%0D%0A',
    '%C2%A0',
    '%E2%80%9D',
    '%E2%80%8B',
  ],
  ...[
    '%94',
    '%',
    '%2520',
    '%253E',
    '&gt;',
    '&quot;',
    '&#39;',
    '%26gt%3B',
    '.%20',
    '?',
    '?utm_source=mail',
    '%3F',
    '=',
    '\\',
  ],
]
const spellings: [string, (path: string) => string][] = [
  ...behind.map((sign): [string, (path: string) => string] => [`${sign} behind it`, (path) => path + sign]),
  ['a line break in the token', (path) => cut(path, -20, '%0A')],
  ['a carriage return and line break in the token', (path) => cut(path, -20, '%0D%0A')],
  ['a space in the token', (path) => cut(path, -7, '%20')],
  ['an indented second line', (path) => cut(path, -20, '%0D%0A%20%20')],
  ['an invisible space in the token', (path) => cut(path, -12, '%E2%80%8B')],
  ['a space before the token', (path) => cut(path, -43, '%20')],
  ['a line broken before the token', (path) => cut(path, -43, '%0A')],
  ['a bracket before the token', (path) => cut(path, -43, '%3C')],
  ['two slashes before the token', (path) => cut(path, -43, '/')],
  ['two slashes before the path', (path) => `/${path}`],
  ['a path in capitals', (path) => path.slice(0, -43).toUpperCase() + path.slice(-43)],
  ['a line break of quoted-printable in the token', (path) => cut(path, -20, '=%0D%0A')],
  ['a space of quoted-printable behind it', (path) => `${path}=20`],
  ['the next word', (path) => `${path}%20Hello`],
  ['the next line', (path) => `${path}%0AHello%20Bas`],
  ['a line break in the token, and the next word', (path) => `${cut(path, -20, '%0A')}%20Hello`],
  ['the end of its HTML', (path) => `${path}%3C/a%3E`],
]

describe.each(kinds)('%s', (_, made, opens) => {
  test('opens as mail programs pass it on, and opening does not consume it (fault 24)', async () => {
    const path = await made()
    const wrong = []
    for (const [name, spelling] of spellings) {
      const { status, location } = await open(spelling(path))
      if (status !== opens.status || location !== opens.location) wrong.push(`${name}: ${status} ${location}`)
    }
    expect(wrong).toEqual([])
    const [link] = await many(
      app.db,
      z.object({ used_at: z.date().nullable() }),
      sql`select used_at from links where used_at is not null`,
    )
    expect(link).toBeUndefined()
  })
})

test('a token is still compared exactly (fault 24)', async () => {
  const path = await forgot(await somebody())
  const token = path.slice(-43)
  const other = token.endsWith('A') ? 'B' : 'A'
  const wrong = [
    ...[`${path}A`, `${path}0.`, `${path}%41`, `${path}-A`, `${path}.html`, `${path}/account`],
    ...[
      path.slice(0, -1),
      `${path.slice(0, -1)}.`,
      `${path.slice(0, -1)}${other}`,
      `${path.slice(0, -1)}%20`,
    ],
    ...[
      cut(path, -20, '.'),
      cut(path, -20, '='),
      cut(path, -43, '.'),
      path.slice(0, -43) + token.toUpperCase(),
      `${path}${token}`,
    ],
    ...[path.replace('reset-password', 'verify-email'), path.replace('reset-password', 'invitation')],
  ]
  for (const address of wrong) {
    const { status, body } = await open(address)
    expect([address, status]).toEqual([address, 410])
    expect(body).not.toContain('name="newPassword"')
    await run(app.db, sql`delete from rate_limits`)
  }
  expect((await open(`${path}.`)).location).toBe('/reset-password')
})

test('the button of a link followed by a full stop works (fault 24)', async () => {
  const path = await forgot(await somebody({ verified: false }))
  const client = app.client()
  const { text } = await client.get(`${path}.`)
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? ''
  expect(token).toBe(path.slice(-43))
  const answer = await client.post('/verify-email', { token }, `${path}.`)
  expect(answer.headers.location).toBe('/reset-password')
})
