import type { Request, Response } from 'express'
import { hasPermission, type Actor } from '../access/actor.ts'
import { actorOf } from '../access/middleware.ts'
import { device } from '../activity/device.ts'
import { selectEntries } from '../activity/entries/queries.ts'
import { toEntryView, type EntryView } from '../activity/entry-view.ts'
import type { Db } from '../platform/db.ts'
import { deliveryText } from '../platform/email/failure-texts.ts'
import { selectEmailsOf, type EmailStatus } from '../platform/email/queries.ts'
import type { Errors } from '../platform/result.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { selectDevices } from '../auth/sessions/devices/queries.ts'
import type { UserRow } from './queries.ts'
import { toPersonView, type PersonView } from './person-view.ts'
import type { LoadCallerCode } from './caller-code.ts'
import type { LoadSignInStatus, SignInStatus } from './sign-in-status.ts'

declare global {
  interface Views {
    'people/profile': {
      actor: Actor
      person: PersonView
      signInStatus: SignInStatus
      recent: EntryView[] | null
      devices: Awaited<ReturnType<typeof devicesOf>>
      emails: (EmailStatus & { answer: string | null })[]
    }
  }
}

export interface ProfileServices {
  db: Db
  loadSignInStatus: LoadSignInStatus
  loadCallerCode: LoadCallerCode
}

/** A person's profile, with the errors of an action on it. */
export async function profilePage(
  { db, loadSignInStatus }: Omit<ProfileServices, 'loadCallerCode'>,
  req: Request,
  res: Response,
  user: UserRow,
  errors?: Errors,
) {
  const actor = actorOf(req)
  const recent = hasPermission(actor, 'activity.view')
    ? (await selectEntries(db, { subjects: [user.id] }, {}, 5)).map((entry) => toEntryView(entry))
    : null
  const locals = {
    title: user.name,
    actor,
    person: toPersonView(user, actor),
    signInStatus: await loadSignInStatus(user, actor, timeZoneOf(res), 'profile'),
    recent,
    devices: await devicesOf(db, user.id),
    emails: (await selectEmailsOf(db, user.id, 3)).map((email) => ({
      ...email,
      answer: deliveryText(email),
    })),
  }
  renderPage(res, 'people/profile', { ...locals, errors: errors ?? {} }, errors ? 422 : 200)
}

const devicesOf = async (db: Db, userId: string) =>
  (await selectDevices(db, userId)).map(({ user_agent, started_at, last_seen_at }) => ({
    browser: device(user_agent),
    startedAt: started_at,
    lastSeenAt: last_seen_at,
  }))
