import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { routesOf, type Route } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import { customRole, teamId } from '../support/roles.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()

// What each route answers to each person, written out by hand. 200 shown, 303 done (or sent to sign in), 403 refused, 422 let in
// but the form was bad. Dispatcher and sam are in the North crew, otto is in the Harbour crew, novice has a temporary
// password; deputy is a second dispatcher of the North crew, guest an auditor who is counted to it, invitee a fieldworker of it
// who has no password yet.
const table = `
  route                               owner  admin  dispatcher  auditor  sam  novice  stranger
  GET  /                              303    303    303         303      303  303     303
  GET  /today                         200    200    200         403      403  303     303
  POST /today/first-steps/dismiss     303    303    403         403      403  303     303
  GET  /fieldworkers                  200    200    200         403      403  303     303
  GET  /fieldworkers?q=otto           200    200    200         403      403  303     303
  GET  /people.json?q=otto            200    200    200         403      403  303     303
  GET  /fieldworkers/:sam             200    200    200         403      403  303     303
  GET  /fieldworkers/:otto            200    200    403         403      403  303     303
  GET  /fieldworkers/:novice          200    200    403         403      403  303     303
  GET  /fieldworkers/:deputy          200    200    200         403      403  303     303
  GET  /fieldworkers/:guest           200    200    200         403      403  303     303
  GET  /fieldworkers/:auditor         200    200    403         403      403  303     303
  GET  /fieldworkers/:admin           200    200    403         403      403  303     303
  GET  /fieldworkers/:owner           200    200    403         403      403  303     303
  GET  /fieldworkers/:nobody          404    404    404         403      403  303     303
  POST /views                         422    422    422         422      422  303     303
  POST /views/:nobody/remove          404    404    404         404      404  303     303
  GET  /settings                      303    303    303         403      403  303     303
  GET  /settings/company              303    303    303         403      403  303     303
  GET  /settings/company/users        200    200    200         403      403  303     303
  GET  /settings/company/teams        200    200    403         403      403  303     303
  POST /settings/company/teams        422    422    403         403      403  303     303
  GET  /settings/company/teams/:crew  200    200    403         403      403  303     303
  POST /settings/company/teams/:crew  422    422    403         403      403  303     303
  GET  /settings/company/security     200    200    403         403      403  303     303
  POST /settings/company/security     422    422    403         403      403  303     303
  GET  /settings/company/profile      200    200    403         403      403  303     303
  POST /settings/company/profile      422    422    403         403      403  303     303
  POST /settings/company/test-email   303    303    403         403      403  303     303
  GET  /settings/company/roles        200    403    403         403      403  303     303
  GET  /settings/company/roles/new    200    403    403         403      403  303     303
  POST /settings/company/roles/new    422    403    403         403      403  303     303
  GET  /settings/company/roles/:desk  200    403    403         403      403  303     303
  POST /settings/company/roles/:desk  422    403    403         403      403  303     303
  POST /settings/company/roles/:nobody/deletion  404  403  403  403      403  303     303
  GET  /fieldworkers/new              200    200    403         403      403  303     303
  POST /fieldworkers/new              422    422    403         403      403  303     303
  GET  /settings/company/users/new    200    200    403         403      403  303     303
  POST /settings/company/users/new    422    422    403         403      403  303     303
  POST /users/:invitee/invitation     303    303    403         403      403  303     303
  POST /users/:otto/invitation        403    403    403         403      403  303     303
  POST /users/:nobody/invitation      404    404    404         404      404  303     303
  GET  /users/:otto/details  200  200  403  403  403  303  303
  GET  /users/:invitee/details  200  200  403  403  403  303  303
  GET  /users/:admin/details  200  403  403  403  403  303  303
  GET  /users/:owner/details  403  403  403  403  403  303  303
  GET  /users/:nobody/details  404  404  404  404  404  303  303
  POST /users/:otto/details  303  303  403  403  403  303  303
  POST /users/:invitee/details  303  303  403  403  403  303  303
  POST /users/:admin/details  303  403  403  403  403  303  303
  POST /users/:owner/details  403  403  403  403  403  303  303
  POST /users/:nobody/details  404  404  404  404  404  303  303
  GET  /users/:otto/role  200  200  403  403  403  303  303
  GET  /users/:invitee/role  200  200  403  403  403  303  303
  GET  /users/:admin/role  200  403  403  403  403  303  303
  GET  /users/:owner/role  403  403  403  403  403  303  303
  GET  /users/:nobody/role  404  404  404  404  404  303  303
  POST /users/:otto/role  303  303  403  403  403  303  303
  POST /users/:invitee/role  303  303  403  403  403  303  303
  POST /users/:admin/role  303  403  403  403  403  303  303
  POST /users/:owner/role  403  403  403  403  403  303  303
  POST /users/:nobody/role  404  404  404  404  404  303  303
  GET  /activity-log                  200    200    403         200      403  303     303
  GET  /activity-log/people           200    200    403         200      403  303     303
  GET  /activity-log.csv              200    200    403         200      403  303     303
  GET  /activity-log/evidence.zip     200    200    403         200      403  303     303
  GET  /activity-log/evidence         200    200    403         200      403  303     303
  POST /activity-log/evidence-key     303    303    403         403      403  303     303
  POST /activity-log/retention        303    303    403         403      403  303     303
  GET  /email-log                     200    200    403         200      403  303     303
  GET  /fieldworkers/:sam/activity    200    200    403         403      403  303     303
  GET  /users/:sam/password           200    200    200         403      403  303     303
  GET  /users/:otto/password          200    200    403         403      403  303     303
  GET  /users/:novice/password        200    200    403         403      403  303     303
  GET  /users/:deputy/password        200    200    200         403      403  303     303
  GET  /users/:guest/password         200    200    403         403      403  303     303
  GET  /users/:dispatcher/password    200    200    403         403      403  303     303
  GET  /users/:auditor/password       200    200    403         403      403  303     303
  GET  /users/:admin/password         200    403    403         403      403  303     303
  GET  /users/:owner/password         403    403    403         403      403  303     303
  GET  /users/:invitee/password       403    403    403         403      403  303     303
  GET  /users/:nobody/password        404    404    404         404      404  303     303
  POST /users/:sam/password           303    303    303         403      403  303     303
  POST /users/:otto/password          303    303    403         403      403  303     303
  POST /users/:deputy/password        303    303    303         403      403  303     303
  POST /users/:guest/password         303    303    403         403      403  303     303
  POST /users/:dispatcher/password    303    303    403         403      403  303     303
  POST /users/:auditor/password       303    303    403         403      403  303     303
  POST /users/:admin/password         303    403    403         403      403  303     303
  POST /users/:owner/password         403    403    403         403      403  303     303
  POST /users/:invitee/password       403    403    403         403      403  303     303
  POST /users/:nobody/password        404    404    404         404      404  303     303
  GET  /account                       200    200    200         200      200  303     303
  GET  /account/password              200    200    200         200      200  200     303
  POST /account/password              422    422    422         422      422  422     303
  GET  /confirm-password              200    200    200         200      200  303     303
  POST /confirm-password              422    422    422         422      422  303     303
  GET  /dev/outbox                    200    200    200         200      200  200     200
  GET  /dev/outbox.json               200    200    200         200      200  200     200
  GET  /dev/outbox/:nobody            404    404    404         404      404  404     404
  GET  /dev/outbox/:nobody/html       404    404    404         404      404  404     404
  GET  /sign-in                       303    303    303         303      303  303     200
  GET  /healthz                       200    200    200         200      200  200     200
  GET  /readyz                        200    200    200         200      200  200     200
  GET  /metrics                       404    404    404         404      404  404     404
  POST /csp-report                    204    204    204         204      204  204     204
  POST /sign-in                       422    422    422         422      422  422     422
  GET  /m                                  200    200    200    200    200    303    303
  GET  /m/password                         303    303    303    303    200    303    303
  POST /m/password                         303    303    303    303    422    303    303
  POST /account/email-verification         303    303    303    303    303    303    303
  POST /account/sessions/:nobody/end       303    303    303    303    303    303    303
  POST /account/caller-code/refuse         303    303    303    303    303    303    303
  POST /account/sessions/end-others        303    303    303    303    303    303    303
  GET  /.well-known/change-password        302    302    302    302    302    302    302
  GET  /forgot-password                    200    200    200    200    200    200    200
  GET  /forgot-password/sent               200    200    200    200    200    200    200
  POST /forgot-password                    422    422    422    422    422    422    422
  GET  /reset-password                     303    303    303    303    303    303    303
  POST /reset-password                     303    303    303    303    303    303    303
  GET  /reset-password/:token              410    410    410    410    410    410    410
  GET  /verify-email/:token                410    410    410    410    410    410    410
  GET  /invitation                         303    303    303    303    303    303    303
  POST /invitation                         303    303    303    303    303    303    303
  GET  /invitation/:token                  410    410    410    410    410    410    410
  POST /verify-email                       410    410    410    410    410    410    410
  POST /users/:otto/caller-check           303    303    403    403    403    303    303
  POST /users/:deputy/caller-check         303    303    303    403    403    303    303
  POST /users/:guest/caller-check          303    303    403    403    403    303    303
  POST /users/:admin/caller-check          303    403    403    403    403    303    303
  POST /users/:owner/caller-check          403    403    403    403    403    303    303
  POST /users/:nobody/caller-check         404    404    404    404    404    303    303
  POST /users/:otto/caller-check/code      422    422    403    403    403    303    303
  POST /users/:deputy/caller-check/code    422    422    422    403    403    303    303
  POST /users/:guest/caller-check/code     422    422    403    403    403    303    303
  POST /users/:admin/caller-check/code     422    403    403    403    403    303    303
  POST /users/:owner/caller-check/code     403    403    403    403    403    303    303
  POST /users/:nobody/caller-check/code    404    404    404    404    404    303    303
  POST /users/:otto/password-reset         303    303    403    403    403    303    303
  POST /users/:deputy/password-reset       303    303    303    403    403    303    303
  POST /users/:guest/password-reset        303    303    403    403    403    303    303
  POST /users/:admin/password-reset        303    403    403    403    403    303    303
  POST /users/:owner/password-reset        403    403    403    403    403    303    303
  POST /users/:nobody/password-reset       404    404    404    404    404    303    303
  POST /users/:otto/email-verification     303    303    403    403    403    303    303
  POST /users/:deputy/email-verification   303    303    303    403    403    303    303
  POST /users/:guest/email-verification    303    303    403    403    403    303    303
  POST /users/:admin/email-verification    303    403    403    403    403    303    303
  POST /users/:owner/email-verification    403    403    403    403    403    303    303
  POST /users/:nobody/email-verification   404    404    404    404    404    303    303
  GET  /users/:otto/sign-in-code           303    303    403    403    403    303    303
  GET  /users/:deputy/sign-in-code         303    303    303    403    403    303    303
  GET  /users/:guest/sign-in-code          303    303    403    403    403    303    303
  GET  /users/:admin/sign-in-code          303    403    403    403    403    303    303
  GET  /users/:owner/sign-in-code          403    403    403    403    403    303    303
  GET  /users/:nobody/sign-in-code         404    404    404    404    404    303    303
  POST /users/:otto/sign-in-code           200    200    403    403    403    303    303
  POST /users/:deputy/sign-in-code         200    200    200    403    403    303    303
  POST /users/:guest/sign-in-code          200    200    403    403    403    303    303
  POST /users/:admin/sign-in-code          200    403    403    403    403    303    303
  POST /users/:owner/sign-in-code          403    403    403    403    403    303    303
  POST /users/:nobody/sign-in-code         404    404    404    404    404    303    303
  POST /users/:otto/unlock                 303    303    403    403    403    303    303
  POST /users/:deputy/unlock               303    303    303    403    403    303    303
  POST /users/:guest/unlock                303    303    403    403    403    303    303
  POST /users/:admin/unlock                303    403    403    403    403    303    303
  POST /users/:owner/unlock                403    403    403    403    403    303    303
  POST /users/:nobody/unlock               404    404    404    404    404    303    303
  POST /users/:otto/sessions/end           303    303    403    403    403    303    303
  POST /users/:deputy/sessions/end         303    303    303    403    403    303    303
  POST /users/:guest/sessions/end          303    303    403    403    403    303    303
  POST /users/:owner/sessions/end          403    403    403    403    403    303    303
  POST /users/:nobody/sessions/end         404    404    404    404    404    303    303
  GET  /campaigns                      200  200  403  403  403  303  303
  GET  /campaigns/new                  200  200  403  403  403  303  303
  GET  /campaigns/new?all=1            200  200  403  403  403  303  303
  POST /campaigns                      422  422  403  403  403  303  303
  GET  /campaigns/:campaign            200  200  403  403  403  303  303
  GET  /campaigns/:nobody              404  404  403  403  403  303  303
  GET  /campaigns/:campaign.csv        200  200  403  403  403  303  303
  POST /campaigns/:campaign/pause      409  409  403  403  403  303  303
  POST /campaigns/:campaign/resume     409  409  403  403  403  303  303
  POST /campaigns/:campaign/remind     409  409  403  403  403  303  303
  POST /campaigns/:campaign/cancel     409  409  403  403  403  303  303
  GET  /automations/security                      200  200  403  403  403  303  303
  GET  /automations/security/:temporary            200  200  403  403  403  303  303
  GET  /automations/security/:reminder             200  200  403  403  403  303  303
  GET  /automations/security/:enforce              200  200  403  403  403  303  303
  GET  /automations/security/:dormant              200  200  403  403  403  303  303
  GET  /automations/security/:dormant?preview=1    200  200  403  403  403  303  303
  GET  /automations/security/:weather              404  404  403  403  403  303  303
  POST /automations/security/:dormant              422  422  403  403  403  303  303
  POST /automations/security/:weather              404  404  403  403  403  303  303
  POST /automations/security/:dormant/switch       422  422  403  403  403  303  303
  POST /automations/security/:weather/runs         404  404  403  403  403  303  303
  GET  /settings/communications/canned-responses                    200  200  403  403  403  303  303
  GET  /settings/communications/canned-responses/new                200  200  403  403  403  303  303
  GET  /settings/communications/canned-responses/:canned            200  200  403  403  403  303  303
  GET  /settings/communications/canned-responses/:nobody            404  404  403  403  403  303  303
  POST /settings/communications/canned-responses                    422  422  403  403  403  303  303
  POST /settings/communications/canned-responses/preview            422  422  403  403  403  303  303
  POST /settings/communications/canned-responses/:canned            422  422  403  403  403  303  303
  POST /settings/communications/canned-responses/:canned/restore    303  303  403  403  403  303  303
  POST /settings/communications/canned-responses/:nobody/delete     404  404  403  403  403  303  303
  POST /users/:sam/status             303    303    403         403      403  303     303
  POST /users/:otto/status            303    303    403         403      403  303     303
  POST /users/:deputy/status          303    303    403         403      403  303     303
  POST /users/:auditor/status         303    303    403         403      403  303     303
  POST /users/:admin/status           303    403    403         403      403  303     303
  POST /users/:owner/status           403    403    403         403      403  303     303
  POST /users/:nobody/status          404    404    404         404      404  303     303
  POST /fieldworkers/bulk             422    422    403         403      403  303     303
  GET  /users/:sam/impersonation           200    200    403    403    403    303    303
  GET  /users/:otto/impersonation          200    200    403    403    403    303    303
  GET  /users/:deputy/impersonation        200    200    403    403    403    303    303
  GET  /users/:auditor/impersonation       200    200    403    403    403    303    303
  GET  /users/:novice/impersonation        403    403    403    403    403    303    303
  GET  /users/:admin/impersonation         200    403    403    403    403    303    303
  GET  /users/:owner/impersonation         403    403    403    403    403    303    303
  GET  /users/:nobody/impersonation        404    404    404    404    404    303    303
  POST /users/:sam/impersonation           422    422    403    403    403    303    303
  POST /users/:otto/impersonation          422    422    403    403    403    303    303
  POST /users/:deputy/impersonation        422    422    403    403    403    303    303
  POST /users/:novice/impersonation        403    403    403    403    403    303    303
  POST /users/:admin/impersonation         422    403    403    403    403    303    303
  POST /users/:owner/impersonation         403    403    403    403    403    303    303
  POST /users/:nobody/impersonation        404    404    404    404    404    303    303
  POST /impersonation/end                  303    303    303    303    303    303    303
  GET  /fieldworkers.csv              200    200    200         403      403  303     303
  GET  /settings/company/users.csv    200    200    200         403      403  303     303
  GET  /fieldworkers/import           200    200    403         403      403  303     303
  POST /fieldworkers/import           422    422    403         403      403  303     303
  GET  /fieldworkers/import/:import   200    404    403         403      403  303     303
  POST /fieldworkers/import/:import/start    303    404    403    403    403    303    303
  POST /sign-out                      303    303    303         303      303  303     303`

// What a page of one’s own account answers, unless it has a row above: to everyone but the novice, who first chooses a
// password. An empty form may be good.
const ownPage = {
  GET: ['200', '200', '200', '200', '200', '303', '303'],
  POST: ['303 422', '303 422', '303 422', '303 422', '303 422', '303', '303'],
}

const [heading = [], ...rows] = table
  .trim()
  .split('\n')
  .map((row) => row.trim().split(/ {2,}|(?<=GET|POST) +/))
const who = heading.slice(1)
const written = rows.map(
  ([method = '', path = '']) => `${method} ${path.split('?')[0]?.replace(/:(?!token)\w+/g, ':id') ?? ''}`,
)

let clients: Record<string, HttpClient>
let tokens: Record<string, string>
let ids: Record<string, string>

beforeAll(async () => {
  const { cast } = app
  const novice = await app.createUser({ name: 'Nora Novice', role: 'Admin' })
  const deputy = await app.createUser({ name: 'Dora Deputy', role: 'Dispatcher', team: 'North' })
  const guest = await app.createUser({ name: 'Gus Guest', role: 'Auditor', team: 'North' })
  const invitee = await app.createUser({
    name: 'Ivy Invitee',
    role: 'Fieldworker',
    team: 'North',
    status: 'invited',
  })
  const people: Record<string, TestUser> = { ...cast, novice, deputy, guest, invitee }
  clients = { stranger: app.client() }
  for (const name of who.slice(0, -1)) clients[name] = await app.signIn(people[name] ?? cast.sam)
  await run(
    app.db,
    sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${novice.id}`,
  )
  tokens = {}
  for (const [name, client] of Object.entries(clients))
    tokens[name] = await client.token(name === 'stranger' ? '/sign-in' : '/account/password')
  ids = {
    ...Object.fromEntries(Object.entries(people).map(([name, { id }]) => [name, id])),
    crew: await teamId(app.db, 'North'),
    desk: await customRole(app.db, 'Season desk', ['users.view']),
    canned: (await one(app.db, Id, sql`select id from canned_responses limit 1`)).id,
    campaign: await finishedCampaign(cast.owner),
    import: await checkedImport(cast.owner),
    ...{
      temporary: 'temporary',
      reminder: 'reminder',
      enforce: 'enforce',
      dormant: 'dormant',
      weather: 'weather',
    },
    nobody: crypto.randomUUID(),
    token: 'x'.repeat(43),
  }
})

const Id = z.object({ id: z.string() })
async function finishedCampaign({ id }: TestUser): Promise<string> {
  const text = sql`'Season start', 'Choose', '{reset_link}'`
  const made = sql`insert into campaigns (name, subject, body, started_by, run_as, status) values (${text}, ${id}, ${id}, 'finished') returning id`
  return (await one(app.db, Id, made)).id
}

async function checkedImport({ id }: TestUser): Promise<string> {
  const made = sql`insert into imports (started_by, file_name, good, bad) values (${id}, 'a.csv', 0, 0) returning id`
  return (await one(app.db, Id, made)).id
}

// This is about who, not about how often, nor about when somebody last entered a password.
beforeEach(async () => {
  await resetRateLimits(app.db)
  await run(
    app.db,
    sql`update sessions s set reauthenticated_at = now(), reauthenticated_version = u.credential_version from users u where u.id = s.user_id`,
  )
})

const named = ({ method, path }: Route) => `${method} ${path.replace(':key', ':id')}`
const ownPages = (routes: Route[]) =>
  routes.filter((route) => /^\/account\/[\w-]+$/.test(route.path) && !written.includes(named(route)))

test('the table names every route there is', () => {
  const there = routesOf(app.express)
  expect([...new Set(written), ...ownPages(there).map(named)].sort()).toEqual(there.map(named).sort())
})

test('the pages of one’s own account are for everyone who is signed in with a password of their own', async () => {
  for (const { method, path } of ownPages(routesOf(app.express)))
    for (const [i, name] of who.entries()) {
      const client = clients[name] ?? app.client()
      const answer = await (method === 'GET'
        ? client.get(path)
        : client.postBare(path, { _csrf: tokens[name] ?? '' }))
      const expected = ownPage[method as 'GET' | 'POST'][i]?.split(' ')
      expect([path, name, expected]).toEqual([path, name, expect.arrayContaining([String(answer.status)])])
      if (name === 'novice') expect(answer.headers.location).toBe('/account/password')
      if (name === 'stranger') expect(answer.headers.location).toMatch(/^\/sign-in(\?next=|$)/)
    }
})

describe.each(rows.map(([method = '', path = '', ...answers]) => ({ method, path, answers })))(
  '$method $path',
  ({ method, path, answers }) => {
    test.each(who.map((name, i) => ({ name, expected: Number(answers[i]) })))(
      '$name: $expected',
      async (cell) => {
        const address = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '')
        const client = clients[cell.name] ?? app.client()
        const form = { ...formFor(path), _csrf: tokens[cell.name] ?? '' }
        const answer = await (method === 'GET' ? client.get(address) : client.postBare(address, form))
        expect(answer.status).toBe(cell.expected)
        if (cell.expected === 303) expect(answer.headers.location).toMatch(leadsTo(cell.name, path))
      },
    )
  },
)

let passwords = 0

/** A good form where the action may be repeated; where it would spoil what follows, a wrong password. */
function formFor(path: string): Record<string, string> {
  const newPassword = `copper lantern meadow ${++passwords}`
  if (path.endsWith('/status')) return { status: 'active' } // which they are: nobody in this table may be blocked
  if (path.startsWith('/users/')) return { newPassword, confirmPassword: newPassword }
  if (path === '/account/password')
    return { currentPassword: 'not it', newPassword, confirmPassword: newPassword }
  return path === '/confirm-password' ? { password: 'not it' } : {}
}

/** A 303 may mean done, or sent away: these tell which. */
function leadsTo(name: string, path: string): RegExp {
  if (path === '/sign-out' || path === '/invitation') return /^\/sign-in$/
  if (path === '/reset-password') return /^\/forgot-password$/
  if (path === '/impersonation/end' && name !== 'stranger') return /^\/$/
  if (name === 'stranger') return /^\/sign-in(\?next=|$)/
  if (path === '/sign-in') return /^\/$/
  if (path === '/m/password') return /^\/account\/password$/
  if (path === '/account/email-verification') return /^\/account$/
  if (name === 'novice') return path === '/' ? /^\/(today|account\/password)$/ : /^\/account\/password$/
  if (path.startsWith('/fieldworkers/import/')) return /^\/fieldworkers\/import\/[\w-]{36}$/
  if (path.startsWith('/settings/communications/')) return /^\/settings\/communications\/canned-responses$/
  return /^\/(today|fieldworkers(\/[\w-]{36})?|activity-log(\/evidence)?|account|account\/sessions|users\/[\w-]{36}\/password|settings\/company\/(users|profile#test-email))$/
}

test('the Owner, who is outside the access of everybody here, still signs in with the old password', async () => {
  await app.signIn(app.cast.owner, false, password)
})
