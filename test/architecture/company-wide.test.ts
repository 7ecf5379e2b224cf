import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { actionRows, tableRows } from '../../.build/docs.js'
import { permissions, type Permission } from '../../src/access/permissions.ts'
import { run, sql } from '../../src/platform/db.ts'
import { actions, type Action } from '../support/actions.ts'
import { everything } from '../support/everything.ts'
import { createTestApp } from '../support/test-app.ts'
import type { TestUser } from '../support/people.ts'
import { customRole } from '../support/roles.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))

let made = 0
/** Somebody with a role of their own. */
async function holding(held: Permission[], scope: 'company' | 'team') {
  const name = `Holder ${++made}`
  await customRole(app.db, name, held, scope)
  const who = await app.createUser({ name: 'Ada Actor', role: name, team: 'Harbour' })
  return { who, visitor: await app.signIn(who) }
}

/** Looks at the form and sends it; what the action needs was made by `owner`. */
async function send(action: Action, client: Awaited<ReturnType<typeof holding>>['visitor'], owner: TestUser) {
  const { id = '', fields = {}, file } = await action.make(app, owner)
  const at = (route: string) => route.replace('POST ', '').replace(/:\w+/, id)
  const page = action.form ?? action.list
  const _csrf = await client.token('/account/password')
  const before = await everything(app.db)
  const looked = page === undefined ? undefined : await client.get(at(page))
  const answer = file
    ? await client.upload(at(action.route), file, 'people.csv', '/account/password')
    : await client.postBare(at(action.route), { ...fields, _csrf })
  return { looked, answer, before }
}

const ofCompany = actions.filter(({ of }) => of === 'company' || of === 'nobody')

describe.each(ofCompany)('what belongs to the company: $route', (action) => {
  test.each(['that permission', 'every permission'])(
    'is refused to a role for one team that holds %s, to look at and to do (fault 6)',
    async (which) => {
      const held = which === 'every permission' ? [...permissions] : [action.permission as Permission]
      const { who, visitor: client } = await holding(held, 'team')
      const { looked, answer, before } = await send(action, client, who)
      expect([looked?.status ?? 403, answer.status]).toEqual([403, 403])
      expect(await everything(app.db)).toEqual(before)
    },
  )
})

const ofTeams = actions.filter(
  ({ of, route }) => of === 'people' && (route.includes(':id') || /bulk$|campaigns$/.test(route)),
)

describe.each(ofTeams)('what belongs to people: $route ($permission)', (action) => {
  test('reaches nobody of another team, and nothing that somebody else started (fault 6)', async () => {
    const { visitor: client } = await holding([...permissions], 'team')
    const { answer, before } = await send(action, client, app.cast.owner)
    const after = await everything(app.db)
    if (action.route.endsWith('bulk'))
      expect(answer.status).toBe(303) // each of them is passed over
    else expect([403, 404]).toContain(answer.status)
    expect({ ...after, 'public.campaign_selections': '' }).toEqual({
      ...before,
      'public.campaign_selections': '',
    })
  })
})

describe.each(actions.filter(({ proof }) => proof))('$route ($permission)', (action) => {
  test('asks for the password first, where it was entered more than half an hour ago (fault 6)', async () => {
    const { who, visitor: client } = await holding([...permissions], 'company')
    const age = sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${who.id}`
    await run(app.db, age)
    const { looked, answer, before } = await send(action, client, who)
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\/confirm-password\?/),
    ])
    if (action.form) expect(looked?.headers.location).toMatch(/^\/confirm-password\?/)
    expect(await everything(app.db)).toEqual(before)
  })
})

test('docs/permissions.md says of every action whose it is and what it asks for (fault 6)', () => {
  const docs = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8')
  expect(tableRows(docs, 'action')).toEqual(actionRows()) // `npm run docs` writes it
})
