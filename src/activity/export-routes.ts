import type { Request, Response, Router } from 'express'
import { pipeline } from 'node:stream/promises'
import { actorOf, requirePermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { limited, rateLimit, type RateLimit } from '../platform/rate-limit.ts'
import { requireDirectDownload, setDownloadHeaders } from '../platform/web/download.ts'
import { parseForm } from '../platform/web/form.ts'
import { timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { currentKey, type KeyRing } from './evidence/keys.ts'
import { writeEvidence, type ExportContext } from './evidence/write.ts'
import { openExport, sendExport, type Export } from './export.ts'
import { logAddress, LogQuery, type LogFilter, type ResolvedFilter } from './filter.ts'
import { selectFirstLink } from './chain/queries.ts'
import { logPage, type LogServices } from './routes.ts'
import { parseLogFilter } from './resolve-filter.ts'

/** Downloads of the log: every row that the filter shows. Ten an hour for each person, one at a time. */
export function exportRoutes({ keyRing, ...services }: LogServices & { keyRing: KeyRing }): Router {
  const { db } = services
  const router = strictRouter()
  const limit = rateLimit(db, 'export', 10, 60 * 60)

  router.get(
    '/activity-log.csv',
    requirePermission('activity.export'),
    requireDirectDownload(logPageOf),
    async (req, res) => {
      const requested = await requestedExport(services, limit, req, res)
      if (!requested) return
      const { filter, team, csv, rows } = requested
      setDownloadHeaders(res, `activity-${today()}`, 'csv')
      await sendExport(db, contextOf(req), res, {
        event: 'activity_exported',
        details: { format: 'csv', filter, team },
        rows,
        write: (out) => pipeline(csv, out),
      })
    },
  )

  router.get(
    '/activity-log/evidence.zip',
    requirePermission('activity.export'),
    requireDirectDownload(logPageOf),
    async (req, res) => {
      const key = await currentKey(db, keyRing)
      const oldest = await selectFirstLink(db)
      const requested = await requestedExport(services, limit, req, res)
      if (!requested) return
      const { filter, team, csv, rows } = requested
      const context = exportContext(req, res, requested, oldest?.seq)
      setDownloadHeaders(res, `activity-${today()}`, 'zip')
      await sendExport(db, contextOf(req), res, {
        event: 'activity_exported',
        details: { format: 'evidence', filter, team, key: key.fingerprint },
        rows,
        write: (out) => writeEvidence(out, csv, context, key),
      })
    },
  )

  return router
}

function exportContext(
  req: Request,
  res: Response,
  { filter, team, search, head }: RequestedExport,
  oldest = '0',
): ExportContext {
  const { id, name, email } = actorOf(req)
  return {
    company: res.locals.company.name,
    madeAt: new Date(),
    madeBy: { id, name, email },
    filter: logAddress('/activity-log', filter),
    reach: team ? `the team ${team}` : 'the whole company',
    timeZone: timeZoneOf(res),
    people: { actor: search.actors, about: search.subjects },
    chain: { headSeq: Number(head.seq), headHash: head.hash ?? '', oldestSeq: Number(oldest) },
  }
}

interface RequestedExport extends Export {
  filter: LogFilter
  search: ResolvedFilter
  /** The team that the export is limited to, if the viewer's role is. */
  team?: string
}

/** The log's page with the filter of a download. */
const logPageOf = (req: Request): string => {
  const requested = parseForm(LogQuery, req.query)
  return logAddress('/activity-log', requested.ok ? requested.value : {})
}

async function requestedExport(
  services: LogServices,
  limit: RateLimit,
  req: Request,
  res: Response,
): Promise<RequestedExport | undefined> {
  const { db } = services
  const actor = actorOf(req)
  if (!requireRecentPassword(req, res)) return undefined
  const requested = await parseLogFilter(db, actor, req.query, timeZoneOf(res))
  if (!requested.ok) {
    await logPage(services, req, res, { errors: requested.errors })
    return undefined
  }
  const { filter, search } = requested.value
  const opened = await limited(limit, actor.id, () => openExport(db, actor, search))
  const team = actor.role.scope === 'team' ? (actor.teamName ?? 'nobody is in') : undefined
  return { ...opened, filter, search, team }
}

const today = () => new Date().toISOString().slice(0, 10).replaceAll('-', '')
