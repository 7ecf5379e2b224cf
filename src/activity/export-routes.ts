import type { Request, RequestHandler, Response, Router } from 'express'
import { pipeline } from 'node:stream/promises'
import { actorOf, requirePermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { limited, rateLimit, type RateLimit } from '../platform/rate-limit.ts'
import { parseForm } from '../platform/web/form.ts'
import { timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { currentKey, type KeyRing } from './evidence/keys.ts'
import { writeEvidence, type ExportContext } from './evidence/write.ts'
import { openExport, sendExport, type Export } from './export.ts'
import { logAddress, LogQuery, type LogFilter, type ResolvedFilter } from './filter.ts'
import { selectFirstLink } from './chain/queries.ts'
import { logPage } from './routes.ts'
import { askedFor } from './resolve-filter.ts'

/** The log as a file: exactly what the filter shows, every row of it. Ten an hour for each person, one at a time. */
export function exportRoutes({ db, keyRing }: { db: Db; keyRing: KeyRing }): Router {
  const router = strictRouter()
  const limit = rateLimit(db, 'export', 10, 60 * 60)

  router.get(
    '/activity-log.csv',
    requirePermission('activity.export'),
    requireDirectNavigation,
    async (req, res) => {
      const asked = await requestedExport(db, limit, req, res)
      if (!asked) return
      const { filter, team, csv, rows } = asked
      download(res, 'text/csv; charset=utf-8; header=present', 'csv')
      await sendExport(db, contextOf(req), res, {
        facts: { format: 'csv', filter, team },
        rows,
        write: (out) => pipeline(csv, out),
      })
    },
  )

  router.get(
    '/activity-log/evidence.zip',
    requirePermission('activity.export'),
    requireDirectNavigation,
    async (req, res) => {
      const key = await currentKey(db, keyRing)
      const oldest = await selectFirstLink(db)
      const asked = await requestedExport(db, limit, req, res)
      if (!asked) return
      const { filter, team, csv, rows } = asked
      const facts = exportContext(req, res, asked, oldest?.seq)
      download(res, 'application/zip', 'zip')
      await sendExport(db, contextOf(req), res, {
        facts: { format: 'evidence', filter, team, key: key.fingerprint },
        rows,
        write: (out) => writeEvidence(out, csv, facts, key),
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
    company: (res.locals.company as { name: string }).name,
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
  /** The team whose people alone the export tells of, where the role reaches no further. */
  team?: string
}

/** There the end of the connection is the end of the answer, so one that broke off would look whole. */
const needsChunks =
  'An export needs HTTP/1.1: over HTTP/1.0 nobody could tell a whole file from a broken one. In nginx: proxy_http_version 1.1;\n'

/** A look at the headers does no deed, and a link on another site only leads to the log. */
const requireDirectNavigation: RequestHandler = (req, res, next) => {
  if (req.method === 'HEAD') return res.status(405).set('Allow', 'GET').end()
  if (req.httpVersion === '1.0') return res.status(505).type('text').send(needsChunks)
  if (['same-origin', 'none', undefined].includes(req.get('sec-fetch-site'))) return next()
  const asked = parseForm(LogQuery, req.query)
  res.redirect(303, logAddress('/activity-log', asked.ok ? asked.value : {}))
}

async function requestedExport(
  db: Db,
  limit: RateLimit,
  req: Request,
  res: Response,
): Promise<RequestedExport | undefined> {
  const actor = actorOf(req)
  if (!requireRecentPassword(req, res)) return undefined
  const asked = await askedFor(db, actor, req.query, timeZoneOf(res))
  if (!asked.ok) {
    await logPage(db, req, res, { errors: asked.errors })
    return undefined
  }
  const { filter, search } = asked.value
  const opened = await limited(limit, actor.id, () => openExport(db, actor, search))
  const team = actor.role.scope === 'team' ? (actor.teamName ?? 'nobody is in') : undefined
  return { ...opened, filter, search, team }
}

function download(res: Response, type: string, extension: string) {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  res.set({
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="activity-${day}.${extension}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  })
}
