import express, { type RequestHandler, type Router } from 'express'
import { z } from 'zod'
import { parseUrl } from '../parse-url.ts'
import { network } from '../ip-address.ts'
import { log } from '../log.ts'
import { localRateLimit } from '../rate-limit.ts'
import { loggablePath } from './request-target.ts'
import { strictRouter } from './router.ts'

const types = ['application/csp-report', 'application/reports+json', 'application/json']

const short = z.string().max(2000).optional().catch(undefined)
const line = z.number().optional().catch(undefined)
const Body = z.object({
  'document-uri': short,
  'blocked-uri': short,
  'effective-directive': short,
  'violated-directive': short,
  'source-file': short,
  'line-number': line,
  documentURL: short,
  blockedURL: short,
  effectiveDirective: short,
  sourceFile: short,
  lineNumber: line,
})
/** The formats of older browsers and of the Reporting API. */
const Report = z.union([
  z.object({ 'csp-report': Body }).transform((sent) => sent['csp-report']),
  z
    .array(z.object({ body: Body }))
    .min(1)
    .transform(([first]) => first?.body),
])

/** The loggable part of a report: the address of a page may hold a link that opens an account. */
function loggable(sent: unknown) {
  const report = Report.safeParse(sent).data
  return {
    directive: (
      report?.['effective-directive'] ??
      report?.['violated-directive'] ??
      report?.effectiveDirective
    )?.slice(0, 100),
    page: loggableAddress(report?.['document-uri'] ?? report?.documentURL)?.path,
    blocked: loggableAddress(report?.['blocked-uri'] ?? report?.blockedURL)?.origin,
    source: loggableAddress(report?.['source-file'] ?? report?.sourceFile)?.path,
    line: report?.['line-number'] ?? report?.lineNumber,
  }
}

/** An address as its origin and loggable path; a keyword such as `inline` as it is. */
function loggableAddress(text = '') {
  if (/^[a-z-]{1,20}$/.test(text)) return { origin: text, path: text }
  const url = parseUrl(text)
  if (!url) return undefined
  const { protocol, host, pathname } = url
  return {
    origin: `${protocol}//${host}`.slice(0, 200),
    path: loggablePath({ originalUrl: pathname }).slice(0, 200),
  }
}

/**
 * Receives browsers' reports of content security policy violations (ASVS 3.4.7). Anyone can send reports, so few are
 * logged: per network, and in all. The others are counted in the metrics and in the next logged report.
 */
export function cspReportRoutes(): Router {
  const router = strictRouter()
  const totalLimit = localRateLimit(100, 60)
  const networkLimit = localRateLimit(20, 60)
  let omitted = 0

  const limitReports: RequestHandler = (req, res, next) => {
    const wait = networkLimit(network(req.ip)) ?? totalLimit('all')
    if (wait === null) return next()
    omitted += 1
    res.locals.unlogged = true
    res.status(429).set('Retry-After', String(wait)).end()
  }

  router.post('/csp-report', limitReports, express.json({ type: types, limit: '8kb' }), (req, res) => {
    log.warn({ report: loggable(req.body), omitted }, 'content security policy violation')
    omitted = 0
    res.status(204).end()
  })
  return router
}
