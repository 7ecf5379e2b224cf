import helmet from 'helmet'
import { randomBytes } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** The headers of every answer (ASVS 3.4). Helmet's own Referrer-Policy would make browsers send `Origin: null`. */
export function headers(baseUrl: string): RequestHandler[] {
  const https = baseUrl.startsWith('https:')
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", (_req, res) => `'nonce-${(res as Response).locals.nonce}'`],
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
  return [nonce, secure, otherHeaders]
}

const nonce: RequestHandler = (_req, res, next) => {
  res.locals.nonce = randomBytes(16).toString('base64url')
  next()
}

const otherHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Permissions-Policy': 'geolocation=(), camera=(), microphone=(), publickey-credentials-get=(self)',
    'Reporting-Endpoints': 'csp="/csp-report"',
    'X-Robots-Tag': 'noindex',
  })
  next()
}
