import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { permissions, type Permission } from '../../src/access/permissions.ts'
import { run, sql } from '../../src/foundation/db.ts'
import { actions, type Action } from '../support/actions.ts'
import { everything } from '../support/everything.ts'
import { testHouse } from '../support/house.ts'
import type { Somebody } from '../support/people.ts'
import { customRole } from '../support/roles.ts'

const house = testHouse()
beforeEach(() => run(house.db, sql`delete from rate_limits`))

let made = 0
/** Somebody with a role of their own. */
async function holding(held: Permission[], scope: 'company' | 'team') {
  const name = `Holder ${++made}`
  await customRole(house.db, name, held, scope)
  const who = await house.add({ name: 'Ada Actor', role: name, team: 'Harbour' })
  return { who, visitor: await house.signIn(who) }
}

/** Looks at the form and sends it; what the action needs was made by `owner`. */
async function send(
  action: Action,
  visitor: Awaited<ReturnType<typeof holding>>['visitor'],
  owner: Somebody,
) {
  const { id = '', fields = {}, file } = await action.make(house, owner)
  const at = (door: string) => door.replace('POST ', '').replace(/:\w+/, id)
  const page = action.form ?? action.list
  const _csrf = await visitor.token('/account/password')
  const before = await everything(house.db)
  const looked = page === undefined ? undefined : await visitor.get(at(page))
  const answer = file
    ? await visitor.upload(at(action.door), file, 'people.csv', '/account/password')
    : await visitor.postBare(at(action.door), { ...fields, _csrf })
  return { looked, answer, before }
}

const ofCompany = actions.filter(({ of }) => of === 'company' || of === 'nobody')

describe.each(ofCompany)('what belongs to the company: $door', (action) => {
  test.each(['that permission', 'every permission'])(
    'is refused to a role for one team that holds %s, to look at and to do (fault 6)',
    async (which) => {
      const held = which === 'every permission' ? [...permissions] : [action.permission as Permission]
      const { who, visitor } = await holding(held, 'team')
      const { looked, answer, before } = await send(action, visitor, who)
      expect([looked?.status ?? 403, answer.status]).toEqual([403, 403])
      expect(await everything(house.db)).toEqual(before)
    },
  )
})

const ofTeams = actions.filter(
  ({ of, door }) => of === 'people' && (door.includes(':id') || /bulk$|campaigns$/.test(door)),
)

describe.each(ofTeams)('what belongs to people: $door ($permission)', (action) => {
  test('reaches nobody of another team, and nothing that somebody else started (fault 6)', async () => {
    const { visitor } = await holding([...permissions], 'team')
    const { answer, before } = await send(action, visitor, house.cast.owner)
    const after = await everything(house.db)
    if (action.door.endsWith('bulk'))
      expect(answer.status).toBe(303) // each of them is passed over
    else expect([403, 404]).toContain(answer.status)
    expect({ ...after, 'public.campaign_choices': '' }).toEqual({ ...before, 'public.campaign_choices': '' })
  })
})

describe.each(actions.filter(({ proof }) => proof))('$door ($permission)', (action) => {
  test('asks for the password first, where it was entered more than half an hour ago (fault 6)', async () => {
    const { who, visitor } = await holding([...permissions], 'company')
    const age = sql`update sessions set password_proven_at = now() - interval '31 minutes' where user_id = ${who.id}`
    await run(house.db, age)
    const { looked, answer, before } = await send(action, visitor, who)
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\/confirm-password\?/),
    ])
    if (action.form) expect(looked?.headers.location).toMatch(/^\/confirm-password\?/)
    expect(await everything(house.db)).toEqual(before)
  })
})

test('docs/permissions.md says of every action whose it is and what it asks for (fault 6)', () => {
  const docs = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8')
  const scopes = { company: 'the company', people: 'people', self: 'oneself', nobody: 'the company' }
  const rows = actions.map(({ door, of, permission = '', proof }) =>
    [`\`${door}\``, permission && `\`${permission}\``, scopes[of], proof ? 'yes' : ''].join(' | '),
  )
  const written = [...docs.matchAll(/^\| (`POST .*?) *\|$/gm)].map(([, row = '']) =>
    row.replace(/ *\| */g, ' | '),
  )
  expect(written.map((row) => row.trim()).sort()).toEqual(rows.map((row) => row.trim()).sort())
})
