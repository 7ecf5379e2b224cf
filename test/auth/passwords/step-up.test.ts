import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { credential, password } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const typed = 'Nothing was changed. Enter it again.'
const pressed = 'Nothing was changed. Do it again.'
const beforehand = 'Nothing was changed. Enter your password first, then do it again'

beforeEach(() => run(app.db, sql`delete from rate_limits`))

const proofIsOld = () =>
  run(app.db, sql`update sessions set reauthenticated_at = reauthenticated_at - interval '31 minutes'`)

/** Sends a form whose page was opened before the proof grew old, and enters the password when asked to. */
async function interrupted(client: HttpClient, place: string, fields: Record<string, string>, page: string) {
  const _csrf = await client.token(page)
  await proofIsOld()
  const answer = await client.postBare(place, { _csrf, ...fields })
  expect(answer.status).toBe(303)
  const step = String(answer.headers.location)
  expect(step).toMatch(/^\/confirm-password/)
  const asked = textOf((await client.get(step)).text)
  const next = new URL(step, 'http://localhost').searchParams.get('next') ?? ''
  const wrong = textOf((await client.post('/confirm-password', { password: 'wrong', next }, step)).text)
  const back = await client.post('/confirm-password', { password, next }, step)
  expect(back.headers.location).toBe(next)
  const first = textOf((await client.get(next)).text)
  const second = textOf((await client.get(next)).text)
  return { asked, wrong, first, second }
}

const role = () =>
  one(
    app.db,
    z.object({ id: z.string() }),
    sql`insert into roles (name, kind, scope, permissions) values ('Role ' || gen_random_uuid(), 'office', 'company', '{}') returning id`,
  )

describe('a form interrupted because the password was entered long ago', () => {
  const places: [string, (id: string) => [string, Record<string, string>, string?]][] = [
    ['a password for somebody', (id) => [`/users/${id}/password`, choice]],
    ['details', (id) => [`/users/${id}/details`, { name: 'Renamed', email: 'renamed@firm.test' }]],
    ['a role', (id) => [`/users/${id}/role`, {}]],
    ['a reason for Login as this user', (id) => [`/users/${id}/impersonation`, { reason: 'A job sheet' }]],
    ['a new user', () => ['/settings/company/users/new', { name: 'New', email: 'new@firm.test' }]],
    ['the policy', () => ['/settings/company/security', { passwordMinLength: '14' }]],
    ['the company', () => ['/settings/company/profile', { name: 'Other Name' }]],
    ['a new role', () => ['/settings/company/roles/new', { name: 'Lead' }]],
    ['an automation', () => ['/automations/security/enforce', { days: '90' }]],
  ]
  test.each(places)('says that nothing was changed, and what to do: %s (fault 28)', async (_, at) => {
    const who = await app.createUser({ name: 'Fia Field', role: 'Fieldworker' })
    const owner = await app.as('owner')
    const before = await credential(app.db, who)
    const [place, fields, page = place] = at(who.id)
    const said = await interrupted(owner, place, fields, page)
    expect(said.asked).toContain(beforehand)
    expect(said.wrong).toContain('Nothing was changed')
    expect(said.first).toContain(typed)
    expect(said.second).not.toContain('Nothing was changed')
    expect(await credential(app.db, who)).toEqual(before)
  })

  test('says so for a role (fault 28)', async () => {
    const place = `/settings/company/roles/${(await role()).id}`
    const said = await interrupted(await app.as('owner'), place, { name: 'Lead' }, place)
    expect(said.first).toContain(typed)
  })

  test('says so under /m (fault 28)', async () => {
    const who = await app.createUser({ name: 'Fia Field', role: 'Fieldworker' })
    const client = await app.client(iphone).signIn(who.email, password)
    const said = await interrupted(client, '/m/password', choice, '/m/password')
    expect(said.asked).toContain(beforehand)
    expect(said.first).toContain(typed)
  })

  const presses: [string, (id: string) => [string, Record<string, string>]][] = [
    ['Block', (id) => [`/users/${id}/status`, { status: 'blocked' }]],
    ['Send reset link', (id) => [`/users/${id}/password-reset`, {}]],
    ['Resend verification', (id) => [`/users/${id}/email-verification`, {}]],
    ['Resend invitation', (id) => [`/users/${id}/invitation`, {}]],
    ['Sign out of all devices', (id) => [`/users/${id}/sessions/end`, {}]],
    ['Deactivate for many', (id) => ['/fieldworkers/bulk', { action: 'deactivate', ids: id }]],
    ['All other devices', () => ['/account/sessions/end-others', {}]],
    ['Run now', () => ['/automations/security/enforce/runs', {}]],
    ['Rotate key', () => ['/activity-log/evidence-key', {}]],
  ]
  test.each(presses)('says that nothing was changed, and to do it again: %s (fault 28)', async (_, at) => {
    const who = await app.createUser({ name: 'Fia Field', role: 'Fieldworker' })
    const owner = await app.as('owner')
    const [place, fields] = at(who.id)
    const said = await interrupted(owner, place, fields, '/account')
    expect(said.asked).toContain(beforehand)
    expect(said.first).toContain(pressed)
    expect(said.second).not.toContain('Nothing was changed')
  })

  test('is not mentioned if only a page was opened, or another one later (fault 28)', async () => {
    const who = await app.createUser({ name: 'Fia Field', role: 'Fieldworker' })
    const owner = await app.as('owner')
    const _csrf = await owner.token('/account')
    await proofIsOld()
    await owner.postBare(`/users/${who.id}/status`, { _csrf, status: 'blocked' })
    const place = `/users/${who.id}/password`
    const step = String((await owner.get(place)).headers.location)
    expect(textOf((await owner.get(step)).text)).not.toContain('Nothing was changed')
    await owner.post('/confirm-password', { password, next: place }, step)
    expect(textOf((await owner.get(place)).text)).not.toContain('Nothing was changed')
  })
})
