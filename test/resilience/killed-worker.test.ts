import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { one, sql } from '../../src/platform/db.ts'
import { startWorker } from '../../src/worker.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const count = 3_000

const state = () =>
  one(
    app.db,
    z.object({
      status: z.string(),
      done: z.number(),
      people: z.coerce.number(),
      records: z.coerce.number(),
      emails: z.coerce.number(),
    }),
    sql`select status, done, (select count(*) from users where email like '%@killed.test') as people,
          (select count(*) from activity_log where event = 'user_imported') as records,
          (select count(*) from emails where template = 'invitation') as emails
        from imports`,
  )

test(
  'an import whose worker is killed half-way leaves nothing half-done, and is taken up by another',
  { timeout: 60_000 },
  async () => {
    const admin = await app.as('admin')
    const rows = Array.from({ length: count }, (_, i) => `Kim ${i},kim${i}@killed.test,,\n`)
    const { headers } = await admin.upload('/fieldworkers/import', `name,email,phone,team\n${rows.join('')}`)
    await admin.post(`${headers.location}/start`, {}, '/account')

    const settings = { SESSION_SECRET: sessionSecret, DATABASE_URL: app.connectionString }
    const doomed = fork(fileURLToPath(new URL('../../src/commands/worker.ts', import.meta.url)), {
      execArgv: ['--import', './src/typescript.js'],
      env: { PATH: process.env.PATH ?? '', ...settings },
      silent: true,
    })
    await vi.waitFor(async () => expect((await state()).done).toBeGreaterThan(0), {
      timeout: 30_000,
      interval: 5,
    })
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    expect(await state()).toMatchObject({ status: 'queued', people: 0, records: 0, emails: 0 })

    const worker = await startWorker(app.connectionString, app.configWith())
    await vi.waitFor(async () => expect((await state()).status).toBe('done'), {
      timeout: 30_000,
      interval: 50,
    })
    await worker.stop()
    expect(await state()).toMatchObject({ done: count, people: count, records: count, emails: count })
  },
)
