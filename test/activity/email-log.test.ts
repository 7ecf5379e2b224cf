import { beforeAll, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let auditor: HttpClient

beforeAll(async () => {
  auditor = await app.as('auditor')
  const admin = await app.as('admin')
  for (const who of [app.cast.sam, app.cast.otto])
    await admin.post(`/users/${who.id}/password-reset`, {}, '/account/password')
  await app.runJobs()
  await run(
    app.db,
    sql`update emails set status = 'failed', sent_at = null, server_answer = '550 5.1.1 No such mailbox <here>'
        where to_address = 'otto@firm.test'`,
  )
})

const shown = async (filter: string) => textOf((await auditor.get(`/email-log${filter}`).expect(200)).text)

describe('the email log', () => {
  test('tells every mail, its state and the words of the mail server', async () => {
    const page = await shown('')
    expect(page).toMatch(/Sam Field sam@firm\.test .* Sent/)
    expect(page).toMatch(/Otto Harbour otto@firm\.test .* Failed .*550 5\.1\.1 No such mailbox &lt;here&gt;/)
    expect(page).toContain('Password reset')
  })

  test.each([
    ['?to=sam', 'sam@firm.test', 'otto@firm.test'],
    ['?to=HARBOUR', 'otto@firm.test', 'sam@firm.test'],
    ['?status=failed', 'otto@firm.test', 'sam@firm.test'],
    ['?status=sent&template=password_reset', 'sam@firm.test', 'otto@firm.test'],
  ])('%s finds %s and not %s', async (filter, found, not) => {
    expect(await shown(filter)).toContain(found)
    expect(await shown(filter)).not.toContain(not)
  })

  test('says when nothing matches, and what cannot be read', async () => {
    expect(await shown('?to=nobody')).toContain('No email matches')
    expect((await auditor.get('/email-log?status=lost')).status).toBe(422)
    expect((await auditor.get('/email-log?template=none')).status).toBe(422)
    expect((await auditor.get('/email-log?to=%00')).status).toBe(422)
  })

  test('holds no secret: no link, no token, no text of a mail', async () => {
    const [email] = await app.emailsTo(app.cast.sam)
    const token = email?.link?.split('/').at(-1) ?? 'no token'
    const { text } = await auditor.get('/email-log')
    expect(token).toHaveLength(43)
    for (const secret of [token, '/reset-password/', email?.text.slice(0, 60) ?? 'no text'])
      expect(text).not.toContain(secret)
  })

  test('is paged by fifty, on and back again', async () => {
    await run(
      app.db,
      sql`insert into emails (template, user_id, to_name, to_address, data, created_at)
          select 'password_reset', ${app.cast.sam.id}, 'Sam ' || i, 'sam@firm.test', '{}', now() - i * interval '1 minute'
          from generate_series(1, 70) i`,
    )
    const first = (await auditor.get('/email-log?to=sam')).text
    const older = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = (await auditor.get(older).expect(200)).text
    expect(textOf(second)).toContain('Sam 70')
    expect(textOf(first)).not.toContain('Sam 70')
    expect(/href="([^"]+)" rel="prev"/.exec(second)?.[1]).toBe('/email-log?to=sam')
  })

  test('of a team tells of the people of that team alone', async () => {
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions) values ('Team auditor', 'office', 'team', '{activity.view}')`,
    )
    const viewer = await app.signIn(
      await app.createUser({ name: 'Tea Teamer', role: 'Team auditor', team: 'Harbour' }),
    )
    const page = textOf((await viewer.get('/email-log').expect(200)).text)
    expect(page).toContain('otto@firm.test')
    expect(page).not.toContain('sam@firm.test')
  })
})
