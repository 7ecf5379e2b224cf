import express, { type RequestHandler, type Router } from 'express'
import { z } from 'zod'
import { network } from '../ip-address.ts'
import { log } from '../log.ts'
import { localRateLimit } from '../rate-limit.ts'
import { loggablePath } from './request-target.ts'
import { strictRouter } from './router.ts'

const types = ['application/csp-report', 'application/reports+json', 'application/json']

const short = z.string().max(2000).optional().catch(undefined)
const line = z.number().optional().catch(undefined)
const Body = z.object({
  ...{
    'document-uri': short,
    'blocked-uri': short,
    'effective-directive': short,
    'violated-directive': short,
  },
  ...{ 'source-file': short, 'line-number': line },
  ...{
    documentURL: short,
    blockedURL: short,
    effectiveDirective: short,
    sourceFile: short,
    lineNumber: line,
  },
})
/** As older browsers send it, and as the Reporting API does. */
const Report = z.union([
  z.object({ 'csp-report': Body }).transform((sent) => sent['csp-report']),
  z
    .array(z.object({ body: Body }))
    .min(1)
    .transform(([first]) => first?.body),
])

/** What a report says, without what the address of a page may hold: a link that opens an account. */
function told(sent: unknown) {
  const report = Report.safeParse(sent).data
  return {
    directive: (
      report?.['effective-directive'] ??
      report?.['violated-directive'] ??
      report?.effectiveDirective
    )?.slice(0, 100),
    page: addressIn(report?.['document-uri'] ?? report?.documentURL)?.path,
    blocked: addressIn(report?.['blocked-uri'] ?? report?.blockedURL)?.origin,
    source: addressIn(report?.['source-file'] ?? report?.sourceFile)?.path,
    line: report?.['line-number'] ?? report?.lineNumber,
  }
}

/** Of an address its origin and the path that may be logged; of a word such as `inline` the word. */
function addressIn(written = '') {
  if (/^[a-z-]{1,20}$/.test(written)) return { origin: written, path: written }
  if (!URL.canParse(written)) return undefined
  const { protocol, host, pathname } = new URL(written)
  return {
    origin: `${protocol}//${host}`.slice(0, 200),
    path: loggablePath({ originalUrl: pathname }).slice(0, 200),
  }
}

/**
 * Where browsers tell of something that the content security policy stopped (ASVS 3.4.7). Anybody can send reports, so
 * few are logged: of one network, and of all. The others are counted, by the metrics and in the next report that is logged.
 */
export function cspReportRoutes(): Router {
  const router = strictRouter()
  const ofAll = localRateLimit(100, 60)
  const ofOne = localRateLimit(20, 60)
  let leftOut = 0

  const fewEnough: RequestHandler = async (req, res, next) => {
    const wait = (await ofOne(network(req.ip))) ?? (await ofAll('all'))
    if (wait === null) return next()
    leftOut += 1
    res.locals.unlogged = true
    res.status(429).set('Retry-After', String(wait)).end()
  }

  router.post('/csp-report', fewEnough, express.json({ type: types, limit: '8kb' }), (req, res) => {
    log.warn({ report: told(req.body), leftOut }, 'content security policy violation')
    leftOut = 0
    res.status(204).end()
  })
  return router
}
