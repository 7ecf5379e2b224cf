import type { Router } from 'express'
import { z } from 'zod'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import { device } from '../../activity/device.ts'
import type { Db } from '../../platform/db.ts'
import { flash } from '../../platform/web/flash.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { endDevice, endSessions } from './end-sessions.ts'
import { reauthorize } from './reauthorize.ts'
import { selectDevices } from './devices/queries.ts'
import { startCookieSession } from './store/session-store.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

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

  router.post(`${path}/:id/end`, async (req, res) => {
    if (!requireRecentPassword(req, res, path)) return
    const id = z.uuid().safeParse(req.params.id)
    const ended =
      id.success &&
      (await db.transaction(async (tx) => endDevice(tx, await reauthorize(tx, contextOf(req)), id.data)))
    if (ended && id.data === actorOf(req).sessionId) await startCookieSession(req)
    flash(req, ended ? 'That device is signed out' : 'That device was signed out already')
    res.redirect(303, path)
  })

  router.post(`${path}/end-others`, async (req, res) => {
    if (!requireRecentPassword(req, res, path)) return
    const count = await db.transaction(async (tx) => {
      const now = await reauthorize(tx, contextOf(req))
      return endSessions(tx, now, now.actor, now.actor.sessionId)
    })
    flash(
      req,
      'All others are signed out',
      `${counted(count, 'device')} ${count === 1 ? 'was' : 'were'} signed out.`,
    )
    res.redirect(303, path)
  })

  return router
}
