import helmet from 'helmet'
import { randomText } from '../crypto.ts'
import type { Request, RequestHandler, Response } from 'express'

/** The headers of every answer (ASVS 3.4). Helmet's own Referrer-Policy would make browsers send `Origin: null`. */
export function headers(baseUrl: string): RequestHandler {
  const https = baseUrl.startsWith('https:')
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", `'nonce-${nonce}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        reportUri: ['/csp-report'],
        reportTo: ['csp'],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https && { maxAge: 63_072_000, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Only browsers that are no longer in use read these.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  const fixed: Record<string, string> = { ...headersOf(secure), ...otherHeaders }
  const [beforeNonce, afterNonce] = (fixed[policy] ?? '').split(nonce)
  return (_req, res, next) => {
    for (const name in fixed) res.setHeader(name, fixed[name] ?? '')
    res.setHeader(policy, `${beforeNonce}${randomText(16, 'base64url')}${afterNonce}`)
    next()
  }
}

const policy = 'Content-Security-Policy'
const nonce = 'NONCE'
const otherHeaders = {
  'Permissions-Policy': 'geolocation=(), camera=(), microphone=(), publickey-credentials-get=(self)',
  'Reporting-Endpoints': 'csp="/csp-report"',
  'X-Robots-Tag': 'noindex',
}

/** What helmet sets is the same for every answer, so it is asked once. */
function headersOf(handler: RequestHandler): Record<string, string> {
  const set: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => (set[name] = value),
    removeHeader: () => {},
  }
  handler({} as Request, response as unknown as Response, () => {})
  return set
}
