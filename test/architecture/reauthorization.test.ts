import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { permissions } from '../../src/access/permissions.ts'
import { Db, run, Sql, sql } from '../../src/platform/db.ts'
import { actions, type Action } from '../support/actions.ts'
import { superuserOf } from '../support/database.ts'
import { routesOf } from '../support/routes.ts'
import { everything, tables } from '../support/everything.ts'
import { createTestApp } from '../support/test-app.ts'
import { inFlight } from '../support/in-flight.ts'
import type { TestUser } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
let holder: Db
beforeAll(() => {
  holder = new Db(superuserOf(app.connectionString), { max: 1 })
})
afterAll(() => holder.close())
beforeEach(() => resetRateLimits(app.db))

// What may happen to somebody while what they asked for waits for a lock, and the row in which it happens.
const ways = {
  blocked: ({ id }: TestUser) => sql`update users set status = 'blocked' where id = ${id}`,
  'signed out': ({ id }: TestUser) => sql`update sessions set ended_at = now() where user_id = ${id}`,
  'given another role': ({ id }: TestUser) =>
    sql`update users set role_id = (select id from roles where name = 'Fieldworker') where id = ${id}`,
  'in a role that lost the right': ({ id }: TestUser) =>
    sql`update roles set permissions = '{}' where id = (select role_id from users where id = ${id})`,
}
type Way = keyof typeof ways
const rows: Record<Way, (who: TestUser) => Sql> = {
  blocked: ({ id }) => sql`select id from users where id = ${id} for update skip locked`,
  'signed out': ({ id }) => sql`select id from sessions where user_id = ${id} for update skip locked`,
  'given another role': ({ id }) => sql`select id from users where id = ${id} for update skip locked`,
  'in a role that lost the right': ({ id }) =>
    sql`select id from roles where id = (select role_id from users where id = ${id}) for no key update skip locked`,
}
const ofRights: Way[] = ['given another role', 'in a role that lost the right']

// Done by links, by strangers, or on the way in: those have tests of their own in in-flight-others.test.ts, or change nothing.
const withoutSession = [
  'POST /csp-report',
  'POST /sign-in',
  'POST /forgot-password',
  'POST /reset-password',
  'POST /invitation',
  'POST /verify-email',
]
// They only take access away, so they wait for nobody and ask for nothing.
const waysOut = ['POST /sign-out', 'POST /impersonation/end']

test('every route that takes a form is tested below (fault 7)', () => {
  const posts = routesOf(app.express).filter(({ method }) => method === 'POST')
  const walked = [...actions.map(({ route }) => route), ...withoutSession, ...waysOut]
  expect(posts.map(({ path }) => `POST ${path}`).sort()).toEqual([...new Set(walked)].sort())
})

let made = 0
interface Asked {
  actor: TestUser
  send: () => Promise<{ status: number; text: string; headers: { location?: string } }>
}

/** Somebody with every right, who is about to send a form that would be accepted. */
async function asked({ route, make, actor: { role, verified = true } = {} }: Action): Promise<Asked> {
  const name = role ?? `Everything ${++made}`
  if (!role) await customRole(app.db, name, [...permissions])
  const actor = await app.createUser({ name: 'Ada Actor', role: name, verified })
  const { id = '', fields = {}, file } = await make(app, actor)
  const client = await app.signIn(actor)
  const address = route.replace('POST ', '').replace(/:\w+/, id)
  const _csrf = await client.token('/confirm-password')
  const upload = (its: HttpClient) => its.upload(address, file ?? '', 'people.csv', '/confirm-password')
  return {
    actor,
    send: async () => (file ? upload(client) : client.postBare(address, { ...fields, _csrf })),
  }
}

const ownRow = ({ id }: TestUser) => sql`select from users where id = ${id} for update`

describe.each(actions)('$route ($permission), on its way', (action) => {
  const changes = action.of !== 'nobody'
  const done = changes && !action.shows ? 303 : 200
  const ends = (Object.keys(ways) as Way[]).filter(
    (way) => !ofRights.includes(way) || action.permission !== undefined,
  )

  test('is done, where nothing happens meanwhile (fault 7)', async () => {
    const { send } = await asked(action)
    const before = await everything(holder)
    expect((await send()).status).toBe(done)
    if (changes) expect(await everything(holder)).not.toEqual(before)
    else expect(await everything(holder)).toEqual(before)
  })

  test.each(ends)('is not done by somebody who is %s before it has them locked (fault 7)', async (way) => {
    const { actor, send } = await asked(action)
    const { answer, waited, meanwhile } = await inFlight(holder, ownRow(actor), send, async (tx) => {
      await run(tx, ways[way](actor))
      return everything(tx)
    })
    expect(waited).toBe(changes)
    if (changes) expect([303, 403]).toContain(answer.status)
    if (answer.status === 303) expect(answer.headers.location).toMatch(/^\/sign-in/)
    expect(await everything(holder)).toEqual(meanwhile)
  })

  // Whatever else it waits for, it holds the one who asks until it is done, or asks again afterwards.
  test.each(['blocked', 'signed out'] as const)(
    'is not done by somebody who is %s while it waits for something else (fault 7)',
    async (way) => {
      const { actor, send } = await asked(action)
      const { answer, meanwhile } = await inFlight(holder, await otherTables(), send, async (tx) => {
        const free = await run(tx, rows[way](actor))
        if (free === 0) return 'held'
        await run(tx, ways[way](actor))
        return everything(tx)
      })
      if (meanwhile === 'held') expect(answer.status).toBe(done)
      else expect(await everything(holder)).toEqual(meanwhile)
    },
  )
})

/** Locks all tables for writing, but those in which somebody is blocked, demoted and signed out. */
async function otherTables(): Promise<Sql> {
  const needed = ['public.users', 'public.sessions', 'public.roles']
  const others = (await tables(holder)).filter((name) => !needed.includes(name))
  return new Sql(`lock table ${others.join(', ')} in exclusive mode`, [])
}
