import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'

const app = createTestApp()
const token = 'Zm9yVGVzdHNBbG9uZV9hLXRva2VuLW9mLTQzLWxldHQ'
const half = [token.slice(0, 21), token.slice(21)] as const
const encoded = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')
const pages = ['reset-password', 'verify-email', 'invitation']

/** The same page by every spelling that a browser, a proxy, a mail program or an attacker may send. */
const spellings = (page: string): string[] => [
  `/${page}/${token}`,
  `/${page}/${token}/`,
  `/${page}/${token}.`,
  `/${page}//${token}`,
  `//${page}/${token}`,
  `/./${page}/./${token}`,
  `/x/../${page}/${token}`,
  `/${page}/x/../${token}`,
  `/${page.toUpperCase()}/${token}`,
  `/${encoded(page)}/${token}`,
  `/${encoded(page)}/${encoded(token)}`,
  `/${page}%2F${token}`,
  `/${page}%252F${token}`,
  `/${page}%5C${token}`,
  `/${page}\\${token}`,
  `\\${page}\\${token}`.replace('\\', '/'),
  `/${page};${token}`,
  `/${page}:${token}`,
  `/${page}/${half.join('%20')}`,
  `/${page}/${half.join('%0A%20')}`,
  `/${page}/${half.join('/')}`,
  `/${page}/${half.join('=%0D%0A')}`,
  `/${page}/%zz${token}`,
  `/${page}?token=${token}`,
  `/${page}%3Ftoken=${token}`,
  `/${page}#${token}`,
  `/${page}%23${token}`,
  `/${page}/&quot;${token}&quot;`,
  `/elsewhere/${token}`,
  `/${token}`,
  `/sign-in?next=/${page}/${token}`,
  `http://127.0.0.1/${page}/${token}`,
  `HTTP://127.0.0.1/${page}/${token}?x#y`,
  `http://user:${token}@127.0.0.1/${page}/${token}`,
  `https://elsewhere.test:1//${page}/${token}`,
  `http://[::1/${page}/${token}`,
  `ftp://127.0.0.1/${page}/${token}`,
  `javascript:/${page}/${token}`,
  `${page}/${token}`,
]

describe('no token stands in the log of the server', { timeout: 60_000 }, () => {
  let server: RunningServer
  beforeAll(async () => {
    const { connectionString: DATABASE_URL } = app
    server = await startServer({ DATABASE_URL, SESSION_SECRET: sessionSecret, WORKER: 'off', DEMO: 'off' })
  })
  afterAll(async () => {
    server.kill('SIGTERM')
    await server.ended
  })

  test.each(['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'])(
    'however it is asked for by %s (fault 10)',
    async (method) => {
      const port = Number(new URL(server.address).port)
      for (const target of pages.flatMap(spellings)) {
        const { status } = await rawRequest(
          port,
          `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        )
        expect([target, status >= 200 && status < 500]).toEqual([target, true])
      }
      await fetch(`${server.address}/last-of-${method}`, { redirect: 'manual' })
      await vi.waitFor(() => expect(server.output()).toContain(`/last-of-${method}`), 10_000)
      for (const part of [token, ...half, encoded(token)]) expect(server.output()).not.toContain(part)
    },
  )

  test('when a browser reports the page of a link, in either form (fault 10)', async () => {
    const page = `${server.address}/verify-email/${token}?t=${token}`
    const old = {
      'document-uri': page,
      'blocked-uri': page,
      'source-file': page,
      'violated-directive': 'img-src',
    }
    const fresh = {
      documentURL: page,
      blockedURL: `https://elsewhere.test/${token}`,
      effectiveDirective: 'font-src',
    }
    const bodies = [
      { 'csp-report': old },
      [{ type: 'csp-violation', url: page, body: fresh }],
      { [token]: token },
    ]
    for (const body of bodies) {
      const headers = { 'Content-Type': 'application/csp-report' }
      const answer = await fetch(`${server.address}/csp-report`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(204)
    }
    for (const known of ['"img-src"', '"font-src"', '"/verify-email/…"', '"https://elsewhere.test"'])
      await vi.waitFor(() => expect(server.output()).toContain(known), 10_000)
    for (const part of [token, ...half]) expect(server.output()).not.toContain(part)
  })

  test('what is no secret is logged: pages, ids and what was asked for in vain (fault 10)', async () => {
    const id = app.cast.sam.id
    for (const path of [
      `/users/${id}/password`,
      '/.well-known/change-password',
      '/%2Fnowhere',
      '/email-log?q=x',
    ])
      await fetch(server.address + path, { redirect: 'manual' })
    const logged = [
      `"/users/${id}/password"`,
      '"/.well-known/change-password"',
      '"//nowhere"',
      '"/email-log"',
    ]
    await vi.waitFor(() => {
      for (const path of logged) expect(server.output()).toContain(`"path":${path}`)
    }, 10_000)
  })
})

test('a token goes on into no other address (fault 10)', async () => {
  for (const path of pages
    .flatMap(spellings)
    .filter((target) => target.startsWith('/') && !target.includes('\\'))) {
    const answer = await app.client().get(path)
    expect([path, answer.headers.location ?? '']).toEqual([path, expect.not.stringContaining(half[0])])
  }
})

describe('the way to https', () => {
  const base = 'https://keys.firm.test'
  let server: http.Server
  beforeAll(async () => {
    const config = app.configWith({ BASE_URL: base, TRUST_PROXY: '1' })
    server = http.createServer(createApp({ db: app.db, config }))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  })
  afterAll(() => new Promise((closed) => server.close(closed)))

  test.each([
    ['http://elsewhere.test/sign-in?next=%2Fm', '/sign-in?next=%2Fm'],
    ['HTTP://elsewhere.test', '/'],
    ['https://user:x@elsewhere.test:8443/a//b', '/a//b'],
    ['//elsewhere.test/a', '//elsewhere.test/a'],
    ['///elsewhere.test', '///elsewhere.test'],
    ['/\\elsewhere.test', '/\\elsewhere.test'],
    ['/@elsewhere.test', '/@elsewhere.test'],
    ['/:8443@elsewhere.test/', '/:8443@elsewhere.test/'],
    ['/.elsewhere.test', '/.elsewhere.test'],
    ['http:///elsewhere.test/a', '/a'],
  ])('for %s is at our own host (fault 15)', async (target, place) => {
    const { port } = server.address() as AddressInfo
    const { head, status } = await rawRequest(
      port,
      `GET ${target} HTTP/1.1\r\nHost: elsewhere.test\r\nX-Forwarded-Host: elsewhere.test\r\nX-Forwarded-Proto: http\r\n\r\n`,
    )
    const location = /^location: (.*)$/im.exec(head)?.[1] ?? ''
    expect([status, new URL(location).origin]).toEqual([308, base])
    expect(location).toBe(base + place)
  })

  test('is not for what is no address (fault 15)', async () => {
    const { port } = server.address() as AddressInfo
    for (const target of [
      '*',
      'elsewhere.test:443',
      'http://[::1/',
      'ftp://elsewhere.test/',
      'javascript:alert',
    ])
      expect(
        (await rawRequest(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: http\r\n\r\n`))
          .status,
      ).toBe(400)
  })
})
