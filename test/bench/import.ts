import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { record } from '../../src/activity/record.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Db, one, sql } from '../../src/platform/db.ts'
import { startWorker } from '../../src/worker.ts'
import { cast, password } from '../support/people.ts'
import { startIn, type Ways } from '../support/test-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { say } from './numbers.ts'
import { withOwnDatabase } from './own-database.ts'
import { tmpdir } from 'node:os'

const sizes = { rows: 20_000, faults: 300 }
export const importing = { sizes, measure }

/** A file through the page, as an Admin sends it, on a disk that is as sure of what it wrote as any. */
function measure({ rows, faults }: typeof sizes) {
  return withOwnDatabase(
    async (ways) => {
      const config = readConfig({
        DATABASE_URL: ways.app,
        SESSION_SECRET: 'for measures alone: 3d1f0a77c4e29b58',
      })
      const db = new Db(ways.app)
      const { admin } = await cast(db)
      const client = await new HttpClient(createApp({ db, config })).signIn(admin.email, password)
      const worker = await startWorker(ways.app, config)
      const found = await importOne(ways, db, client, fileOf(rows, faults)).finally(() => worker.stop())
      await db.close()
      return found
    },
    () => startIn(tmpdir(), { fsync: 'on', synchronous_commit: 'on', max_connections: '200' }),
  )
}

/** Faults of six kinds, spread over the whole file. */
function fileOf(rows: number, faults: number): string {
  const every = Math.floor(rows / faults)
  const wrong = (n: number) =>
    [
      `,nameless${n}@bench.test,,`,
      `Person ${n},no address,,`,
      `Person ${n},,,`,
      `Person ${n},sam@firm.test,,`,
    ]
      .concat(`Person ${n},p${n}@bench.test,,No such crew`, `Person ${n},p${n}@bench.test`)
      .at(n % 6)
  const row = (_: unknown, i: number) =>
    i % every === every - 1 && i < every * faults
      ? wrong(i)
      : `Person ${i},person.${i}@bench.test,+44 20 7946 ${i},${i % 2 ? 'North' : 'Harbour'}`
  return `name,email,phone,team\n${Array.from({ length: rows }, row).join('\n')}\n`
}

async function importOne(ways: Ways, db: Db, client: HttpClient, file: string) {
  const checked = await timed(() => client.upload('/fieldworkers/import', file, 'season.csv'))
  const place = checked.value.headers.location ?? ''
  const { text } = await client.get(place)
  const named = [...text.matchAll(/<th scope="row">\d+<\/th><td[^>]*>[^<]+</g)].length
  say(`dry run: ${checked.seconds} s; ${named} faults named by line and reason`)

  const others = new OtherActions(db)
  const taken = await timed(async () => {
    await client.post(`${place}/start`, {}, '/account')
    while ((await statusOf(db)).status === 'queued') await setTimeout(100)
  })
  await others.stop()
  const { status, good } = await statusOf(db)
  const careful = new Db(ways.app, { statement_timeout: 0 })
  const { people } = await one(
    careful,
    z.object({ people: z.coerce.number() }),
    sql`select count(*) as people from (
          select id from users where status = 'invited'
          intersect select subject_id from activity_log where event = 'user_imported'
          intersect select user_id from emails where template = 'invitation') whole`,
  )
  const { fault } = await checkChain(careful)
  await careful.close()
  say(
    `import of ${good} good rows: ${status} after ${taken.seconds} s; ${people} people with entry and invitation`,
  )
  say(`meanwhile ${others.done} other actions, ${others.failed} failed, the slowest took ${others.slowest} s`)
  say(`the chain: ${fault ?? 'whole'}`)
  return { dryRun: checked.seconds, named, import: taken.seconds, people, ...others.told, fault }
}

async function timed<T>(work: () => Promise<T>) {
  const began = performance.now()
  const value = await work()
  return { value, seconds: Number(((performance.now() - began) / 1000).toFixed(1)) }
}

const statusOf = (db: Db) =>
  one(db, z.object({ status: z.string(), good: z.number() }), sql`select status, good from imports`)

/** Small actions of others, one after the other, for as long as it lasts. */
class OtherActions {
  done = 0
  failed = 0
  slowest = 0
  #more = true
  readonly #ended: Promise<void>

  constructor(db: Db) {
    this.#ended = this.#work(db)
  }

  async #work(db: Db) {
    const nobody = { actor: null, ip: null, userAgent: null, requestId: null }
    while (this.#more) {
      const action = () => db.transaction(async (tx) => record(tx, nobody, { event: 'sign_in_failed' }))
      const { seconds, value } = await timed(() =>
        action().then(
          () => true,
          () => false,
        ),
      )
      this.slowest = Math.max(this.slowest, seconds)
      if (value) this.done++
      else this.failed++
      await setTimeout(20)
    }
  }

  stop() {
    this.#more = false
    return this.#ended
  }

  get told() {
    return { done: this.done, failed: this.failed, slowest: this.slowest }
  }
}
