import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Express } from 'express'
import { Logger, runOnce, type WorkerEvents } from 'graphile-worker'
import { afterAll, beforeAll, vi } from 'vitest'
import { z } from 'zod'
import { startAutomations } from '../../src/automations/runs/start-runs.ts'
import { createApp } from '../../src/app.ts'
import { readConfig, type Config } from '../../src/config.ts'
import { Db, many, sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { closeImpersonations } from '../../src/auth/sessions/impersonation/close-impersonation.ts'
import { pruneImports } from '../../src/people/imports/queries.ts'
import { expireTemporaryPasswords } from '../../src/auth/passwords/expire-temporary-passwords.ts'
import { tasks } from '../../src/jobs.ts'
import { createMailer } from '../../src/mailer.ts'
import { testDatabase } from './database.ts'
import { createUser, cast, password, type Cast, type TestUser } from './people.ts'
import { HttpClient } from './http-client.ts'

interface OutboxEmail {
  to: string
  subject: string
  template: string
  text: string
  html: string
  link: string | null
}

export const sessionSecret = 'for tests alone: 7f3a9c51e2b84d06'

let newcomers = 0

/** The real app with a separate database and a small cast of people. */
export class TestApp {
  readonly connectionString: string
  readonly settings: Record<string, string>
  readonly folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-test-'))
  db!: Db
  express!: Express
  cast!: Cast

  constructor(connectionString: string, settings: Record<string, string>) {
    this.connectionString = connectionString
    this.settings = settings
  }

  /** The settings of this app, with some of them replaced. */
  configWith(settings: Record<string, string> = {}) {
    const own = {
      COMPANY_NAME: 'Acme Field',
      SESSION_SECRET: sessionSecret,
      DATABASE_URL: this.connectionString,
      DATA_DIR: this.folder,
    }
    return readConfig({ ...own, ...this.settings, ...settings })
  }

  async open() {
    const config = this.configWith()
    this.db = new Db(this.connectionString)
    this.express = createApp({ db: this.db, config })
    this.cast = await cast(this.db)
  }

  client(userAgent?: string) {
    return new HttpClient(this.express, userAgent)
  }

  signIn(who: TestUser, remember = false, typed = password) {
    return this.client().signIn(who.email, typed, remember)
  }

  as(who: keyof Cast) {
    return this.signIn(this.cast[who])
  }

  /** Creates another person, with an address from their name. */
  createUser(traits: { name: string; role: string; team?: string; status?: string; verified?: boolean }) {
    const email = `${traits.name.toLowerCase().replaceAll(' ', '.')}.${++newcomers}@firm.test`
    return createUser(this.db, { ...traits, email })
  }

  async emailsTo({ email }: TestUser): Promise<OutboxEmail[]> {
    const { body } = await this.client().get('/dev/outbox.json')
    return (body as OutboxEmail[]).filter(({ to }) => to === email)
  }

  /** Delivers what waits, and returns the path of the newest link that was emailed to a person. */
  async newestLink(to: TestUser): Promise<string> {
    await this.runJobs()
    const email = (await this.emailsTo(to)).find(({ link }) => link)
    return new URL(email?.link ?? 'http://no.link').pathname
  }

  /** Runs every waiting job, as a worker with these settings would. */
  runJobs(settings: Record<string, string> = {}) {
    return runJobs(this.db, this.configWith(settings))
  }

  pruneImports() {
    return pruneImports(this.db)
  }

  expireTemporaryPasswords() {
    return expireTemporaryPasswords(this.db)
  }

  /** The job of every minute: starts the automations that are due. */
  startAutomations() {
    return startAutomations(this.db)
  }

  closeImpersonations() {
    return closeImpersonations(this.db)
  }
}

/** Runs every waiting job of a database, as a worker would. */
export async function runJobs(db: Db, config: Config) {
  const quiet = new Logger(() => () => {})
  const taskList = tasks(db, createMailer(db, config))
  const events: WorkerEvents = new EventEmitter()
  let worker = ''
  events.once('pool:create', ({ workerPool }) => (worker = workerPool.id))
  await runOnce({ pgPool: db.pool, noHandleSignals: true, taskList, logger: quiet, events })
  await untilRecorded(db, worker)
}

/** graphile-worker 0.17 returns from `runOnce` before the last jobs are recorded as done or failed. */
async function untilRecorded(db: Db, worker: string) {
  const running = sql`select id::text from graphile_worker._private_jobs where locked_by = ${worker}`
  await vi.waitFor(
    async () => {
      if ((await many(db, z.object({ id: z.string() }), running)).length > 0) throw new Error('Not recorded')
    },
    { timeout: 5_000, interval: 5 },
  )
}

export function createTestApp(settings: Record<string, string> = {}): TestApp {
  log.level = process.env.LOG ?? 'silent'
  const app = new TestApp(testDatabase(), settings)
  beforeAll(() => app.open())
  afterAll(async () => {
    await app.db.close()
    rmSync(app.folder, { recursive: true, force: true })
  })
  return app
}
