import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { one, sql } from '../../src/platform/db.ts'
import { type TestUser } from '../support/people.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'

/** Everything that the change must do together. */
function action({ id }: TestUser) {
  return one(
    app.db,
    z.object({
      password_hash: z.string(),
      credential_version: z.number(),
      temporary: z.boolean(),
      open_sessions: z.coerce.number(),
      throttles: z.coerce.number(),
      records: z.coerce.number(),
      emails: z.coerce.number(),
      jobs: z.coerce.number(),
    }),
    sql`select password_hash, credential_version, temporary_password_expires_at is not null as temporary,
          (select count(*) from sessions where user_id = u.id and ended_at is null) as open_sessions,
          (select count(*) from password_failures) as throttles,
          (select count(*) from activity_log where subject_id = u.id and event in ('password_change', 'sessions_ended')) as records,
          (select count(*) from emails where user_id = u.id) as emails,
          (select count(*) from graphile_worker.jobs) as jobs
        from users u where id = ${id}`,
  )
}

/** Starts the application in another process, posts the change, and lets it be killed before the statement. */
async function changeKilledBefore(statement: number, cookie: string, _csrf: string, worker: TestUser) {
  const server = fork(fileURLToPath(new URL('../support/killable-server.ts', import.meta.url)), {
    execArgv: ['--import', './src/typescript.js'],
    env: { PATH: process.env.PATH, DATABASE_URL: app.connectionString, SESSION_SECRET: sessionSecret },
  })
  try {
    const port = await message(server)
    server.send(statement)
    await message(server)
    const fields = { _csrf, newPassword, confirmPassword: newPassword, mustChange: '1', endSessions: '1' }
    const address = `http://127.0.0.1:${String(port)}/users/${worker.id}/password`
    const post = {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    } as const
    return await fetch(address, post).then(
      ({ status }) => status,
      () => 'killed' as const,
    )
  } finally {
    server.kill('SIGKILL')
  }
}

async function message(server: ChildProcess): Promise<unknown> {
  const gone = once(server, 'exit').then(() => ['it ended before it said anything'])
  return ((await Promise.race([once(server, 'message'), gone])) as unknown[])[0]
}

test(
  'killed before any statement of the change, either all of it is saved or nothing',
  { timeout: 240_000 },
  async () => {
    const worker = await app.createUser({ name: 'Kim Killed', role: 'Fieldworker' })
    await app.signIn(worker)
    await app.client().post('/sign-in', { email: worker.email, password: 'wrong' })
    const admin = await app.as('admin')
    const page = await admin.get('/account')
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const before = await action(worker)
    expect(before).toMatchObject({
      temporary: false,
      open_sessions: 1,
      throttles: 1,
      records: 0,
      emails: 0,
      jobs: 0,
    })

    const done: number[] = []
    for (let statement = 1; ; statement++) {
      const answer = await changeKilledBefore(statement, admin.cookies(), _csrf, worker)
      const after = await action(worker)
      if (after.credential_version === before.credential_version) {
        expect([answer, after]).toEqual(['killed', before])
        continue
      }
      expect(after).toMatchObject({
        credential_version: 1,
        temporary: true,
        open_sessions: 0,
        throttles: 0,
        records: 2,
        emails: 1,
        jobs: 1,
      })
      expect(after.password_hash).not.toBe(before.password_hash)
      done.push(statement)
      break
    }
    expect(done[0]).toBeGreaterThan(8) // it was killed at every statement of the transaction before one got through
  },
)
