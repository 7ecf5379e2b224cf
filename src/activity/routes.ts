import type { Router } from 'express'
import { z } from 'zod'
import { actorOf, allowed } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { longDay } from '../foundation/web/dates.ts'
import { page } from '../foundation/web/page.ts'
import {
  selectEntries,
  selectEntriesAbout,
  selectEntryCount,
  selectNewerPage,
  type Entry,
} from './queries.ts'
import { shown } from './shown.ts'
import { exactRouter } from '../foundation/web/router.ts'

const perPage = 50
const Page = z.object({ after: z.uuid().nullable().catch(null) })

export function activityRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()

  router.get('/activity-log', allowed('activity.view'), async (req, res) => {
    const { after } = Page.parse(req.query)
    const [found, total] = [await selectEntries(db, after, perPage + 1), await selectEntryCount(db)]
    const entries = found.slice(0, perPage)
    const first = after ? entries[0] : undefined
    page(res, 'activity/log', {
      title: 'Activity log',
      total,
      days: byDay(entries, (res.locals.company as { timeZone: string }).timeZone),
      older: found.length > perPage ? `/activity-log?after=${entries.at(-1)?.id ?? ''}` : null,
      newer: after ? newerAddress(first && (await selectNewerPage(db, first.id, perPage))) : null,
    })
  })

  router.get('/account/activity', async (req, res) => {
    const { after } = Page.parse(req.query)
    const found = await selectEntriesAbout(db, actorOf(req).id, after, perPage + 1)
    const entries = found.slice(0, perPage)
    page(res, 'activity/own', {
      title: 'Your activity',
      days: byDay(entries, (res.locals.company as { timeZone: string }).timeZone),
      older: found.length > perPage ? `/account/activity?after=${entries.at(-1)?.id ?? ''}` : null,
      newer: after ? '/account/activity' : null,
    })
  })

  return router
}

const newerAddress = (after: string | null | undefined) =>
  after ? `/activity-log?after=${after}` : '/activity-log'

function byDay(entries: Entry[], timeZone: string) {
  const days: { label: string; entries: ReturnType<typeof shown>[] }[] = []
  for (const entry of entries) {
    const label = longDay(entry.at, timeZone)
    if (days.at(-1)?.label !== label) days.push({ label, entries: [] })
    days.at(-1)?.entries.push(shown(entry))
  }
  return days
}
