import { expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { address, routesOf } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import type { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'

/** Whatever pages offer to post, and the minutes of the proof that it is marked with. */
async function offered(client: HttpClient, pages: Iterable<string>) {
  const posts = new Map<string, string | undefined>()
  for (const page of pages) {
    const { text, type } = await client.get(page)
    if (type !== 'text/html') continue
    const forms = text.match(/<form[^>]*method="post"[^>]*action="[^"]+"[^>]*>/g) ?? []
    const buttons = text.match(/<button[^>]*formaction="[^"]+"[^>]*>/g) ?? []
    for (const tag of [...forms, ...buttons])
      posts.set(/action="([^"]+)"/.exec(tag)?.[1] ?? '', /data-proof="(\d+)"/.exec(tag)?.[1])
  }
  return posts
}

/** A page of each kind: of a worker, somebody invited, a role, a campaign, an automation. */
async function pages() {
  const { sam, owner } = app.cast
  const invited = await app.createUser({ name: 'Ivy Invited', role: 'Fieldworker', status: 'invited' })
  const unverified = await app.createUser({ name: 'Una Unverified', role: 'Fieldworker', verified: false })
  const id = (statement: ReturnType<typeof sql>) => one(app.db, z.object({ id: z.string() }), statement)
  const role = await id(
    sql`insert into roles (name, kind, scope, permissions) values ('Lead', 'office', 'company', '{}') returning id`,
  )
  const campaigns = await Promise.all(
    ['running', 'paused'].map((status) =>
      id(sql`insert into campaigns (name, subject, body, started_by, run_as, emails_per_second, status)
             values ('Season', 'Season', 'Hello', ${owner.id}, ${owner.id}, 1, ${status}) returning id`),
    ),
  )
  const found = routesOf(app.express).filter(({ method }) => method === 'GET')
  return [
    ...found.map((route) => address(route, sam.id)),
    ...[invited, unverified].map((person) => `/fieldworkers/${person.id}`),
    ...campaigns.map((campaign) => `/campaigns/${campaign.id}`),
    ...['temporary', 'reminder', 'enforce', 'dormant'].map((key) => `/automations/security/${key}`),
    `/settings/company/roles/${role.id}`,
    `/campaigns/new?ids=${sam.id}`,
  ].filter((page) => !/\.(csv|zip)|reset-password\/|invitation\/|verify-email\//.test(page))
}

/** What is judged before the password is asked for. */
const chosen = (place: string): Record<string, string> =>
  place === '/fieldworkers/bulk' ? { action: 'block', ids: app.cast.otto.id } : {}

test('every form that asks for a recent password says so to the page, so that nothing typed is lost (fault 28)', async () => {
  const places = await pages()
  const owner = await app.as('owner')
  await app.as('owner') // another device, which the list of devices offers to sign out
  const phone = await app.client(iphone).signIn(app.cast.otto.email, password)
  const wrong: string[] = []
  let guarded = 0
  for (const client of [owner, phone]) {
    const posts = await offered(client, places)
    const _csrf = await client.token('/account')
    await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
    for (const [place, marked] of posts) {
      if (/^\/(sign-out|account\/sessions|confirm-password|dev\/)/.test(place) && !marked) continue
      const { headers } = await client.postBare(place, { _csrf, ...chosen(place) })
      const asks = String(headers.location).startsWith('/confirm-password')
      if (asks) guarded++
      if (asks !== (marked !== undefined)) wrong.push(`${place} ${asks ? 'asks' : 'does not ask'}`)
    }
    await run(app.db, sql`update sessions set reauthenticated_at = now()`)
  }
  expect(wrong).toEqual([])
  expect(guarded).toBeGreaterThan(25)
})
