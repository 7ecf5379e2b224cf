import type { Request, Response } from 'express'
import { holds } from '../access/actor.ts'
import { actorOf } from '../access/guard.ts'
import { device } from '../activity/device.ts'
import { selectEntries } from '../activity/reading/queries.ts'
import { shown as shownEntry } from '../activity/shown.ts'
import type { Db } from '../foundation/db.ts'
import { selectLettersOf } from '../foundation/mail/queries.ts'
import type { Errors } from '../foundation/outcome.ts'
import { page } from '../foundation/web/page.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import type { UserRow } from './queries.ts'
import { shown } from './shown.ts'

/** Somebody's profile, with what a deed on it refused. */
export async function profilePage(db: Db, req: Request, res: Response, user: UserRow, errors?: Errors) {
  const actor = actorOf(req)
  const recent = holds(actor, 'activity.view')
    ? (await selectEntries(db, { subjects: [user.id] }, {}, 5)).map((entry) => shownEntry(entry))
    : null
  const locals = {
    ...{ title: user.name, person: shown(user, actor), recent },
    devices: await devicesOf(db, user.id),
    letters: await selectLettersOf(db, user.id, 3),
  }
  page(res, 'people/profile', { ...locals, errors: errors ?? {} }, errors ? 422 : 200)
}

const devicesOf = async (db: Db, userId: string) =>
  (await selectDevices(db, userId)).map(({ user_agent, started_at, last_seen_at }) => ({
    browser: device(user_agent),
    startedAt: started_at,
    lastSeenAt: last_seen_at,
  }))
