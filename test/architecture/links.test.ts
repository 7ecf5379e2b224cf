import { beforeAll, expect, test } from 'vitest'
import { routesOf } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'
import type { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const origin = 'http://localhost:3000'
let sprite: string

// There must be something to see: emails in the outbox, actions in the log, a list of more than one page.
beforeAll(async () => {
  for (let i = 1; i <= 52; i++)
    await app.createUser({ name: `Worker ${i}`, role: 'Fieldworker', team: 'North' })
  const admin = await app.as('admin')
  const fields = { newPassword: 'copper lantern meadow 7', confirmPassword: 'copper lantern meadow 7' }
  const answer = await admin.post(`/users/${app.cast.otto.id}/password`, fields)
  expect(answer.status).toBe(303)
  sprite = String((await admin.get('/icons.svg')).body)
})

test.each([
  { who: 'admin', pages: 50 },
  { who: 'dispatcher', pages: 50 },
  { who: 'auditor', pages: 4 },
  { who: 'sam', pages: 3 },
] as const)('$who can open whatever a page offers them', { timeout: 180_000 }, async ({ who, pages }) => {
  const visited = await crawl(await app.as(who), ['/', '/dev/outbox', '/account'])
  expect(visited.faults).toEqual([])
  expect(visited.pages).toBeGreaterThanOrEqual(pages)
})

test('a stranger finds the way in, and nothing that breaks', async () => {
  const visited = await crawl(app.client(), [
    '/',
    '/sign-in',
    '/fieldworkers?q=sam',
    '/no-such-page',
    '/dev/outbox',
  ])
  expect(visited.faults).toEqual([])
  expect(visited.pages).toBeGreaterThanOrEqual(4)
})

test('a page of refusal leads on to pages that open', async () => {
  const sam = await app.as('sam')
  for (const address of ['/fieldworkers', '/no-such-page']) {
    const { status, text } = await sam.get(address)
    expect(status).toBeGreaterThanOrEqual(403)
    const offered = linksIn(text)
    expect(offered.length).toBeGreaterThan(2)
    expect((await crawl(sam, offered)).faults).toEqual([])
  }
})

/** Follows every link, form and file from the first addresses on. A fault is an answer that is no page, or a link away. */
async function crawl(client: HttpClient, first: string[]) {
  const seen = new Map(first.map((address) => [address, { address, from: 'the start' }]))
  const faults: string[] = []
  let pages = 0
  for (const { address, from } of seen.values()) {
    const answer = await client.get(address)
    const { status, type, text = '' } = answer
    if (status >= 400 && !tooManyExports(status, address))
      faults.push(`${status} ${address}, offered by ${from}`)
    if (status === 200 && type === 'text/html') pages++
    const found = status >= 300 && status < 400 ? [answer.headers.location ?? ''] : offeredBy(type, text)
    for (const offer of found) {
      const next = new URL(offer, origin + address)
      if (next.protocol === 'mailto:' || next.protocol === 'tel:') continue
      if (next.origin !== origin) faults.push(`${next.href} is elsewhere, offered by ${address}`)
      else if (!seen.has(pageAt(next)))
        seen.set(pageAt(next), { address: next.pathname + next.search, from: address })
    }
    if (type === 'text/html') faults.push(...faultsWithin(address, text))
  }
  return { pages, faults }
}

/**
 * Where a form leads back to makes it no other page: one of each is looked at. Of several filters at once, one address for
 * each choice of names: each value is looked at by itself.
 */
function pageAt({ pathname, search }: URL): string {
  const query = new URLSearchParams(search)
  query.delete('returnTo')
  const names = [...query.keys()].sort()
  return `${pathname}?${names.length > 1 ? names.join() : query.toString()}`
}

/** Each view of the log or of a list offers some, and only so many an hour may be had. */
const tooManyExports = (status: number, address: string) =>
  status === 429 &&
  /^\/(activity-log|fieldworkers|settings\/company\/users)(\.csv|\/evidence\.zip)/.test(address)

function offeredBy(type: string, text: string): string[] {
  if (type === 'text/html') return linksIn(text)
  if (type === 'text/css') return [...text.matchAll(/url\(["']?([^"')]+)/g)].map(([, url = '']) => url)
  if (!type.endsWith('javascript')) return []
  return [...text.matchAll(/(?:from|import|fetch\() ?'([^']+)'/g)].map(([, url = '']) => url)
}

function linksIn(html: string): string[] {
  const attributes = html.matchAll(/<(\w+)[^>]*?\s(?:href|src|action)="([^"]*)"/g)
  const posted = postedTo(html)
  return [...attributes]
    .filter(([, tag, address]) => !(tag === 'form' && posted.includes(address ?? '')))
    .map(([, , address = '']) => address.replaceAll('&amp;', '&').replaceAll('&#39;', "'"))
}

/** Forms that post to a route that does not exist, and icons that the sprite does not hold. */
function faultsWithin(address: string, html: string): string[] {
  const unrouted = postedTo(html).filter(
    (action) => !postRoutes().some((route) => route.test(action.split('?')[0] ?? '')),
  )
  const icons = [...html.matchAll(/\/icons\.svg#([\w-]+)/g)].map(([, name = '']) => name)
  const missing = icons.filter((name) => !sprite.includes(`id="${name}"`))
  return [
    ...unrouted.map((action) => `nothing takes a POST to ${action}, offered by ${address}`),
    ...new Set(missing.map((name) => `no icon is named ${name}, asked for by ${address}`)),
  ]
}

/** Where forms post to; one without an action is there for its token, and its buttons say where they post. */
function postedTo(html: string): string[] {
  const tags = [...html.matchAll(/<(?:form[^>]*method="post"|button)[^>]*>/gi)].map(([tag]) => tag)
  return tags.flatMap((tag) => /\s(?:form)?action="([^"]*)"/.exec(tag)?.[1] ?? [])
}

const postRoutes = () =>
  routesOf(app.express)
    .filter(({ method }) => method === 'POST')
    .map(({ path }) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`))
