import { tmpdir } from 'node:os'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { record } from '../../src/activity/record.ts'
import { Db, one, run, sql, type Tx } from '../../src/platform/db.ts'
import { startIn, type Ways } from '../support/test-server.ts'
import { say, sayTable } from './numbers.ts'
import { withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { seconds: 10, writers: 8 }
export const logWriters = { sizes, measure }

const slices = 4

/** Many writers of the chained log at once, beside as many of a plain table; and whether the chain held. */
function measure({ seconds, writers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await makePlainTable(ways)
    const db = new Db(ways.app, { max: writers, statement_timeout: 60_000 })
    const chained = new Writers(db, writers, recordAction)
    const plain = new Writers(db, writers, insertPlainly)
    for (let slice = 0; slice < slices; slice++) {
      const until = performance.now() + (seconds * 1000) / slices
      const before = chained.done
      await chained.write(() => performance.now() < until)
      const wanted = plain.done + chained.done - before
      let begun = plain.done
      await plain.write(() => begun++ < wanted)
    }
    await db.close() // closing tells the statistics of their deadlocks
    return tell(ways, chained, plain)
  }, startCarefulServer)
}

/** On disk, and as sure of what it wrote as a server that is not for tests. */
const startCarefulServer = () =>
  startIn(tmpdir(), { fsync: 'on', synchronous_commit: 'on', max_connections: '200' })

/** So many at once, each in transactions of their own, one after the other. */
class Writers {
  done = 0
  failed = 0
  #ms = 0
  readonly #db: Db
  readonly #count: number
  readonly #action: (tx: Tx) => Promise<unknown>

  constructor(db: Db, count: number, action: (tx: Tx) => Promise<unknown>) {
    this.#db = db
    this.#count = count
    this.#action = action
  }

  async write(another: () => boolean) {
    const began = performance.now()
    await Promise.all(Array.from({ length: this.#count }, () => this.#writeOn(another)))
    this.#ms += performance.now() - began
  }

  async #writeOn(another: () => boolean) {
    while (another())
      await this.#db.transaction(this.#action).then(
        () => this.done++,
        () => this.failed++,
      )
  }

  get perSecond() {
    return (this.done / this.#ms) * 1000
  }
}

const somebody = {
  id: '6e3f6f4e-4f0c-4b43-9d6b-6a3f5d8f1c11',
  name: 'Ada Brandt',
  email: 'worker1@demo.test',
}
const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148'
const by = { actor: somebody, ip: '10.3.14.15', userAgent, requestId: '9F86D08188' }
const details = { remembered: true }

async function recordAction(tx: Tx) {
  record(tx, by, { event: 'sign_in', subject: somebody, details })
}

async function makePlainTable({ owner, app: expressApp }: Ways) {
  const db = new Db(owner)
  await run(db, sql`create table plain_log (like activity_log including indexes)`)
  await db.query({ text: `grant insert on plain_log to "${new URL(expressApp).username}"`, values: [] })
  await db.close()
}

let made = 0

/** The same row, indexed alike, but made up: it looks up nothing and waits for nobody. */
async function insertPlainly(tx: Tx) {
  const { id, name, email } = somebody
  await run(
    tx,
    sql`insert into plain_log (seq, id, at, event, category, actor_id, actor_name, actor_email,
          subject_id, subject_name, subject_email, ip, user_agent, request_id, details, prev_hash, hash)
        values (${++made}, gen_random_uuid(), now(), 'sign_in', 'security', ${id}, ${name}, ${email},
          ${id}, ${name}, ${email}, ${by.ip}, ${userAgent}, ${by.requestId}, ${details}, ${hash}, ${hash})`,
  )
}
const hash = Buffer.alloc(32, 7)

async function tell(ways: Ways, chained: Writers, plain: Writers) {
  const rows = [
    { actions: 'in the log', 'per second': chained.perSecond, done: chained.done, failed: chained.failed },
    { actions: 'in a plain table', 'per second': plain.perSecond, done: plain.done, failed: plain.failed },
  ]
  const ratio = chained.perSecond / plain.perSecond
  const db = new Db(ways.app, { statement_timeout: 0 })
  const { entries, fault } = await checkChain(db)
  const { deadlocks } = await one(
    db,
    z.object({ deadlocks: z.coerce.number() }),
    sql`select deadlocks from pg_stat_database where datname = current_database()`,
  )
  await db.close()
  sayTable(rows)
  say(`\nratio ${ratio.toFixed(2)}; ${deadlocks} deadlocks`)
  say(`the chain: ${fault ?? 'whole'}, ${entries} entries of ${chained.done} actions`)
  return { rows, ratio, deadlocks, fault, entries, targets: targetsOf(ratio) }
}

const targetsOf = (ratio: number): Target[] => [
  {
    work: 'actions recorded, 8 writers',
    beside: 'plain inserts, indexed alike',
    measured: ratio,
    unit: '×',
    atLeast: 0.6,
  },
]
