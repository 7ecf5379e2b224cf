import { readdirSync, readFileSync } from 'node:fs'
import supertest from 'supertest'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
// The style sheet comes with its parts in place of the lines that import them.
const parts: string[] = []
const style = readFileSync('public/app.css', 'utf8').replace(/^@import '(.+)';$/gm, (_line, name: string) => {
  parts.push(name)
  return readFileSync(`public/${name}`, 'utf8')
})

let marked: string
beforeAll(async () => {
  const { text } = await app.client().get('/sign-in')
  marked = /href="(\/static\/\w+\/app\.css)"/.exec(text)?.[1] ?? 'none'
})
const get = (address: string) => supertest(app.express).get(address)

describe('a file that everybody may have', () => {
  test('is kept for ever by the address that pages use, and an hour by its own name', async () => {
    const [forever, hour] = [await get(marked), await get('/app.css')]
    expect([forever.status, forever.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    expect([hour.status, hour.headers['cache-control']]).toEqual([200, 'public, max-age=3600'])
    for (const { text, headers } of [forever, hour]) {
      expect(text).toBe(style)
      expect(headers['content-type']).toBe('text/css; charset=utf-8')
    }
  })

  test('of another release is still found, and kept by nobody', async () => {
    const answer = await get('/static/000000000000/app.css')
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, no-cache'])
  })

  test.each(['br', 'gzip', 'identity'])(
    'comes as %s to a browser that takes it, every byte the same',
    async (encoding) => {
      const answer = await get(marked)
        .set('Accept-Encoding', encoding)
        .buffer(true)
        .parse((res, done) => {
          const chunks: Buffer[] = []
          res.on('data', (chunk: Buffer) => chunks.push(chunk))
          res.on('end', () => done(null, Buffer.concat(chunks)))
        })
      const body = answer.body as Buffer
      expect(answer.headers.vary).toContain('Accept-Encoding')
      expect(answer.headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding)
      expect(body.toString()).toBe(style) // unpacked by then
    },
  )

  test('finds its neighbours: a style its fonts, a script its parts', async () => {
    const folder = marked.replace(/app\.css$/, '')
    for (const name of ['fonts/public-sans-latin.woff2', 'cabinet.svg', 'live.js'])
      expect((await get(folder + name)).headers['cache-control']).toContain('immutable')
    for (const [, url = ''] of style.matchAll(/url\('([^']+)'\)/g))
      expect([url, url.startsWith('/')]).toEqual([url, false])
  })

  test('is one style sheet, with every part of it', () => {
    const files = readdirSync('public/css').map((name) => `css/${name}`)
    expect([...parts].sort()).toEqual(files.sort())
    expect(style).not.toContain('@import')
  })

  test('is nothing outside the folder, by whatever spelling', async () => {
    for (const path of [
      '../package.json',
      '..%2fpackage.json',
      '%2e%2e/package.json',
      'nothing.css',
      'fonts/',
    ])
      expect((await get(marked.replace('app.css', path))).text).not.toContain('"dependencies"')
    expect((await get('/static/nothing/app.css')).status).not.toBe(200)
  })
})

test('the sign-in page weighs 60 KB at most on a first visit, all that it asks for included', async () => {
  const page = await app.client().get('/sign-in')
  const names = ['app.css', 'app.js', 'icons.svg', 'cabinet.svg', 'logo.svg', 'fonts/public-sans-latin.woff2']
  const scripts = [...readFileSync('public/app.js', 'utf8').matchAll(/'\.\/([\w-]+\.js)'/g)].map(
    ([, name = '']) => name,
  )
  expect(scripts.length).toBeGreaterThan(3)
  let bytes = Buffer.byteLength(page.text)
  for (const name of [...names, ...scripts]) {
    const answer = await supertest(app.express)
      .head(marked.replace('app.css', name))
      .set('Accept-Encoding', 'br')
    expect([name, answer.status]).toEqual([name, 200])
    bytes += Number(answer.headers['content-length'])
  }
  expect(bytes).toBeLessThan(60 * 1024)
})
