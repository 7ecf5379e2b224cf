import type { Express } from 'express'
import { createApp } from '../../src/app.ts'
import { Db, run, sql } from '../../src/platform/db.ts'
import { createHasher } from '../../src/auth/passwords/hash.ts'
import { createUser, password } from '../support/people.ts'
import { HttpClient } from '../support/http-client.ts'
import { median, sayTable, shuffled } from './numbers.ts'
import { configFor, withOwnDatabase } from './own-database.ts'

const warmUps = 5
const sizes = { samples: 40 }
export const timingLeak = { sizes, measure }

/**
 * Whether an account exists cannot be told by time. So many samples of each kind, interleaved in a new order each round;
 * AUC is how often a sample of one kind is slower than one of the other: 0.5 is no difference at all.
 */
function measure({ samples }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    const db = new Db(ways.app)
    const expressApp = createApp({ db, config: configFor(ways) })
    const emails = await people(db)
    const wrong = { password: 'not the password' }
    const right = { password }
    const routes = {
      '/sign-in': (kind: Kind) => ({ email: emails[kind], ...(kind === 'blocked' ? right : wrong) }),
      '/forgot-password': (kind: Kind) => ({ email: emails[kind] }),
    }
    const rows = []
    for (const [route, form] of Object.entries(routes)) {
      const taken = await sampled(samples, (kind) => once(expressApp, db, route, form(kind)))
      rows.push(...kinds.map((kind) => ({ route, kind, ms: median(taken[kind]), ...overlaps(taken, kind) })))
    }
    sayTable(rows)
    await db.close()
    return { rows }
  })
}

const kinds = ['known', 'unknown', 'blocked', 'unverified', 'older'] as const
type Kind = (typeof kinds)[number]
type Taken = Record<Kind, number[]>

async function people(db: Db): Promise<Record<Kind, string>> {
  const person = async (name: string, more = {}) =>
    (await createUser(db, { name, email: `${name.toLowerCase()}@firm.test`, role: 'Fieldworker', ...more }))
      .email
  const emails = {
    known: await person('Known'),
    unknown: 'nobody@firm.test',
    blocked: await person('Blocked', { status: 'blocked' }),
    unverified: await person('Unverified', { verified: false }),
    older: await person('Older'),
  }
  // As one of earlier days, which was made with other parameters.
  const hash = await createHasher({ memoryCost: 32768, timeCost: 3 }).hash(password)
  await run(db, sql`update users set password_hash = ${hash} where email = ${emails.older}`)
  return emails
}

async function sampled(samples: number, take: (kind: Kind) => Promise<number>): Promise<Taken> {
  const taken: Taken = { known: [], unknown: [], blocked: [], unverified: [], older: [] }
  for (let round = 0; round < warmUps + samples; round++)
    for (const kind of shuffled([...kinds])) {
      const ms = await take(kind)
      if (round >= warmUps) taken[kind].push(ms)
    }
  return taken
}

async function once(
  expressApp: Express,
  db: Db,
  route: string,
  fields: Record<string, string>,
): Promise<number> {
  await run(db, sql`delete from rate_limits`)
  await run(db, sql`delete from password_failures`)
  const client = new HttpClient(expressApp)
  const _csrf = await client.token(route)
  const began = performance.now()
  await client.postBare(route, { _csrf, ...fields })
  return performance.now() - began
}

function overlaps(taken: Taken, kind: Kind) {
  return Object.fromEntries(kinds.map((other) => [`AUC to ${other}`, overlap(taken[kind], taken[other])]))
}

function overlap(a: number[], b: number[]): number {
  const slower = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)
  return (
    a.flatMap((x) => b.map((y) => slower(x, y) as number)).reduce((sum, one) => sum + one, 0) /
    (a.length * b.length)
  )
}
