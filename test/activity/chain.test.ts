import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { record } from '../../src/activity/record.ts'
import { Db, many, one, run, sql } from '../../src/platform/db.ts'
import { ownerOf } from '../support/database.ts'
import { activityFor } from '../support/people.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }
const note = (note: string) =>
  app.db.transaction(async (tx) =>
    record(tx, nobody, {
      event: 'sign_in_failed',
      subject: app.cast.sam,
      details: { reason: 'wrong_password', note },
    }),
  )

/** What somebody could do who holds the keys of the database itself. */
async function asOwner(action: (owner: Db) => Promise<unknown>) {
  const owner = new Db(ownerOf(app.connectionString))
  await action(owner).finally(() => owner.close())
}

const links = () =>
  many(
    app.db,
    z.object({ seq: z.coerce.number(), whole: z.boolean(), linked: z.boolean() }),
    sql`select seq, hash = activity_hash(l) as whole,
          prev_hash = coalesce(lag(hash) over (order by seq), sha256('fieldkey')) as linked
        from activity_log l order by seq`,
  )

describe('the log', () => {
  test('is one chain without gaps, even under many writers at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => note(`writer ${i}`)))
    const chain = await links()
    expect(chain.map(({ seq }) => seq)).toEqual(chain.map((_, i) => i + 1))
    expect(chain.filter(({ whole, linked }) => !whole || !linked)).toEqual([])
  })

  test('cannot be edited, emptied or shortened, not even by the owner of its table', async () => {
    await note('stays')
    for (const attempt of [
      sql`update activity_log set event = 'sign_in'`,
      sql`delete from activity_log`,
      sql`truncate activity_log`,
    ]) {
      await expect(run(app.db, attempt)).rejects.toThrow('permission denied for table activity_log')
      await asOwner((owner) =>
        expect(run(owner, attempt)).rejects.toThrow('The activity log can only be added to'),
      )
    }
  })

  test('numbers and dates itself, whatever the writer claims', async () => {
    const { seq, old } = await one(
      app.db,
      z.object({ seq: z.coerce.number(), old: z.boolean() }),
      sql`insert into activity_log (seq, at, event, category, prev_hash, hash) values (7, '2001-01-01', 'sign_out', 'security', '', '')
          returning seq, at < now() - interval '1 minute' as old`,
    )
    expect([seq > 7, old]).toEqual([true, false])
  })

  test('shows an edit made behind the program’s back, to the row', async () => {
    await note('before')
    await asOwner(async (owner) => {
      await run(owner, sql`alter table activity_log disable trigger never_changed`)
      await run(
        owner,
        sql`update activity_log set details = '{"reason": "forged"}' where seq = (select max(seq) from activity_log)`,
      )
      await run(owner, sql`alter table activity_log enable trigger never_changed`)
    })
    const chain = await links()
    expect(chain.filter(({ whole }) => !whole)).toEqual([{ ...chain.at(-1), whole: false }])
  })

  test('keeps nothing of an action that was undone, and undoes an action that cannot be recorded', async () => {
    const { otto } = app.cast
    const undone = app.db.transaction(async (tx) => {
      record(tx, nobody, { event: 'sign_out', subject: otto })
      await run(tx, sql`select 1 / 0`)
    })
    await expect(undone).rejects.toThrow('division by zero')
    const unrecorded = app.db.transaction(async (tx) => {
      await run(tx, sql`update users set phone = '+00 1' where id = ${otto.id}`)
      record(tx, nobody, { event: null as never, subject: otto })
    })
    await expect(unrecorded).rejects.toThrow()
    expect(await activityFor(app.db, otto)).toEqual([])
    const { phone } = await one(
      app.db,
      z.object({ phone: z.null() }),
      sql`select phone from users where id = ${otto.id}`,
    )
    expect(phone).toBeNull()
  })
})
