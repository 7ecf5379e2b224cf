import { ok } from '../../platform/result.ts'
import { action } from '../../access/action.ts'
import type { Router } from 'express'
import { z } from 'zod'
import { actorOf } from '../../access/middleware.ts'
import { device } from '../../activity/device.ts'
import type { Db } from '../../platform/db.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { endDevice, endSessions } from './end-sessions.ts'
import { reauthorize } from './reauthorize.ts'
import { selectDevices } from './devices/queries.ts'
import { startCookieSession } from './store/session-store.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

declare global {
  interface Views {
    'auth/sessions/devices': {
      devices: {
        id: string
        browser: string
        ip: string | null
        remembered: boolean
        startedAt: Date
        lastSeenAt: Date
        endsAt: Date
        /** Whether it is the one that shows the page. */
        current: boolean
      }[]
    }
  }
}

const path = '/account/sessions'

/** Devices: where a person is signed in, and signing out there (ASVS 7.5.2). */
export function sessionRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.get(path, async (req, res) => {
    const { id, sessionId } = actorOf(req)
    const devices = (await selectDevices(db, id)).map((session) => ({
      id: session.id,
      browser: device(session.user_agent),
      ip: session.ip,
      remembered: session.remembered,
      startedAt: session.started_at,
      lastSeenAt: session.last_seen_at,
      endsAt: session.ends_at,
      current: session.id === sessionId,
    }))
    renderPage(res, 'auth/sessions/devices', { title: 'Devices', devices })
  })

  router.post(
    `${path}/:id/end`,
    action({
      permission: 'own account',
      target: null,
      stepUp: 'desk',
      back: path,
      form: null,
      showErrors: null,
      run: async ({ req, actor, by }) => {
        const id = z.uuid().safeParse(req.params.id)
        const ended =
          id.success &&
          (await db.transaction(async (tx) => endDevice(tx, await reauthorize(tx, by), id.data)))
        if (ended && id.data === actor.sessionId) await startCookieSession(req)
        return ok(ended)
      },
      flash: ({ value: ended }) => [
        ended ? 'That device is signed out' : 'That device was signed out already',
      ],
      redirect: path,
    }),
  )
  router.post(
    `${path}/end-others`,
    action({
      permission: 'own account',
      target: null,
      stepUp: 'desk',
      back: path,
      form: null,
      showErrors: null,
      run: async ({ by }) => {
        const count = await db.transaction(async (tx) => {
          const now = await reauthorize(tx, by)
          return endSessions(tx, now, now.actor, now.actor.sessionId)
        })
        return ok(count)
      },
      flash: ({ value: count }) => [
        'All others are signed out',
        `${counted(count, 'device')} ${count === 1 ? 'was' : 'were'} signed out.`,
      ],
      redirect: path,
    }),
  )
  return router
}
