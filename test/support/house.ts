import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Express } from 'express'
import { Logger, runOnce } from 'graphile-worker'
import { afterAll, beforeAll } from 'vitest'
import { startAutomations } from '../../src/automations/runs/schedule.ts'
import { createApp } from '../../src/app.ts'
import { readConfig, type Config } from '../../src/config.ts'
import { Db } from '../../src/foundation/db.ts'
import { log } from '../../src/foundation/log.ts'
import { closeImpersonations } from '../../src/sessions/acting/close.ts'
import { forgetOldImports } from '../../src/imports/forget.ts'
import { buryTemporaryPasswords } from '../../src/passwords/bury-temporary.ts'
import { postOffice, tasks } from '../../src/worker.ts'
import { testDatabase } from './database.ts'
import { add, cast, password, type Cast, type Somebody } from './people.ts'
import { Visitor } from './visitor.ts'

interface OutboxLetter {
  to: string
  subject: string
  template: string
  text: string
  html: string
  link: string | null
}

export const sessionSecret = 'for tests alone: 7f3a9c51e2b84d06'

let newcomers = 0

/** The real application over a database of its own, with a small cast of people in it. */
export class House {
  readonly connectionString: string
  readonly settings: Record<string, string>
  readonly folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-house-'))
  db!: Db
  app!: Express
  cast!: Cast

  constructor(connectionString: string, settings: Record<string, string>) {
    this.connectionString = connectionString
    this.settings = settings
  }

  /** The settings of this house, with others in their place. */
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
    this.app = createApp({ db: this.db, config })
    this.cast = await cast(this.db)
  }

  visitor(userAgent?: string) {
    return new Visitor(this.app, userAgent)
  }

  signIn(who: Somebody, remember = false, typed = password) {
    return this.visitor().signIn(who.email, typed, remember)
  }

  as(who: keyof Cast) {
    return this.signIn(this.cast[who])
  }

  /** One more person, with an address made of their name. */
  add(traits: { name: string; role: string; team?: string; status?: string; verified?: boolean }) {
    const email = `${traits.name.toLowerCase().replaceAll(' ', '.')}.${++newcomers}@firm.test`
    return add(this.db, { ...traits, email })
  }

  async lettersTo({ email }: Somebody): Promise<OutboxLetter[]> {
    const { body } = await this.visitor().get('/dev/outbox.json')
    return (body as OutboxLetter[]).filter(({ to }) => to === email)
  }

  /** Does every job that waits, as a worker with these settings would. */
  work(settings: Record<string, string> = {}) {
    return doJobs(this.db, this.configWith(settings))
  }

  forgetOldImports() {
    return forgetOldImports(this.db)
  }

  buryTemporaryPasswords() {
    return buryTemporaryPasswords(this.db)
  }

  /** What is done every minute: runs begin whose turn has come. */
  startAutomations() {
    return startAutomations(this.db)
  }

  closeImpersonations() {
    return closeImpersonations(this.db)
  }
}

/** Does every job that waits in a database, as a worker would. */
export async function doJobs(db: Db, config: Config) {
  const quiet = new Logger(() => () => {})
  const taskList = tasks(db, postOffice(db, config))
  await runOnce({ pgPool: db.pool, noHandleSignals: true, taskList, logger: quiet })
}

export function testHouse(settings: Record<string, string> = {}): House {
  log.level = process.env.LOG ?? 'silent'
  const house = new House(testDatabase(), settings)
  beforeAll(() => house.open())
  afterAll(async () => {
    await house.db.close()
    rmSync(house.folder, { recursive: true, force: true })
  })
  return house
}
