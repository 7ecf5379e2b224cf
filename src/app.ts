import path from 'node:path'
import express, { type Express, type Request, type RequestHandler } from 'express'
import type { Config } from './config.ts'
import type { CachedCompany } from './company/cached-company.ts'
import { selectCompany, selectCompanyForShare, type Company } from './company/queries.ts'
import type { Db, Tx } from './platform/db.ts'
import { keyFor } from './platform/crypto.ts'
import type { QueueState } from './platform/queue-state.ts'
import { clientAddress } from './platform/web/client-address.ts'
import { antiForgery } from './platform/web/csrf.ts'
import { errorPage, lastResort, notFound } from './platform/web/errors.ts'
import { headers } from './platform/web/headers.ts'
import { requireHttps } from './platform/web/require-https.ts'
import { setLocals, viewLocals } from './platform/web/render-page.ts'
import { staticFiles } from './platform/web/static-files.ts'
import { bodylessRedirects } from './platform/web/redirects.ts'
import { knownTarget, normalizeTargets } from './platform/web/request-target.ts'
import { requestLog } from './platform/web/request-log.ts'
import { restoreOwnAccount } from './auth/impersonation/restore-own-account.ts'
import { closeEndedImpersonation } from './auth/sessions/impersonation/close-impersonation.ts'
import { uploadAt } from './platform/web/upload.ts'
import { maxBytes } from './people/imports/preview.ts'
import { createHasher, hashStrengths } from './auth/passwords/hash.ts'
import { selectHashOfEachKind } from './auth/passwords/queries.ts'
import { wellKnownRoutes } from './auth/passwords/routes.ts'
import { LoginAttempts } from './auth/passwords/login-attempts.ts'
import { systemRoutes, appRoutes } from './routes.ts'
import { measuring, metricsOf } from './ops/metrics.ts'
import { metricsRoutes } from './ops/metrics-routes.ts'
import { mayEndSession } from './auth/sessions/store/replaced-cookie.ts'
import { sessionMiddleware } from './auth/sessions/store/session-store.ts'
import { linkLifetimeText } from './company/link-lifetimes.ts'
import { hasPermission, stepUpMinutes } from './access/actor.ts'
import { isMobile } from './access/middleware.ts'
import type { Permission } from './access/permissions.ts'
import { settingsTabs } from './settings/tabs.ts'
import { networkLimits } from './auth/sign-in/limits.ts'
import { passportFor } from './auth/sign-in/passport.ts'

export interface Deps {
  db: Db
  config: Config
  /** The state of the job queue, if this server does the jobs. */
  queue?: () => QueueState
  /** The settings of the company as kept in memory. Without it each request reads them. */
  company?: CachedCompany
}

/** The whole app over one database: its middleware in order, then its routes. */
export function createApp({ db, config, queue, company }: Deps): Express {
  const app = express()
  const https = config.baseUrl.startsWith('https:')
  const loadCompany = company ? () => company.load() : () => selectCompany(db, config)
  const loginAttempts = new LoginAttempts(keyFor('password tries', config.sessionSecrets))
  const services = {
    db,
    loadCompany,
    lockCompany: (tx: Tx) => selectCompanyForShare(tx, config),
    loginAttempts,
    callerCodeKey: keyFor('caller codes', config.sessionSecrets),
    hasher: createHasher(hashStrengths[config.hashing], config.webConcurrency, () =>
      selectHashOfEachKind(db),
    ),
    limits: networkLimits(db, keyFor('network tries', config.sessionSecrets)),
    https,
  }
  const passport = passportFor(db, services, (sessionId) => closeEndedImpersonation(db, sessionId))

  normalizeTargets(app)
  app.disable('x-powered-by')
  app.set('etag', false) // no cache keeps a page, so no cache asks about one
  app.set('trust proxy', config.trustProxy)

  app.use(clientAddress)
  app.use(headers(config.baseUrl))
  const files = staticFiles(path.resolve(import.meta.dirname, '../public'))
  app.use(files.serve)
  const metrics = config.metricsToken ? metricsOf(db, queue) : undefined
  if (metrics) app.use(measuring(metrics))
  app.use(requestLog)
  app.use(bodylessRedirects)
  app.use(viewLocals(config.companyName, files.urlOf))
  app.use(knownTarget)
  const jobTrouble = () => queue?.().trouble ?? null
  app.use(systemRoutes({ db, jobTrouble, metrics: metricsRoutes(config.metricsToken, metrics) }))
  if (https) app.use(requireHttps(config.baseUrl))
  if (https) app.use(assumeHttps)
  app.use(wellKnownRoutes())
  app.use(sessionMiddleware(db, config.sessionSecrets, https))
  app.use(passport.session())
  app.use(loadLocals(loadCompany))
  app.use(restoreOwnAccount(db))
  app.use(mayEndSession(db))
  const routes = appRoutes({ db, config, services, passport })
  const { baseUrl, sessionSecrets: secrets } = config
  const { checkOrigin, checkCsrfToken, showStaleForm } = antiForgery({ baseUrl, secrets, routes })
  app.use(checkOrigin)
  app.use(formBody)
  app.use(uploadAt('/fieldworkers/import', { senderOf: importSender, checkCsrfToken, maxBytes }))
  app.use(checkCsrfToken)
  app.use(showStaleForm)
  app.use(routes)
  app.use(notFound)
  app.use(errorPage)
  app.use(lastResort)
  return app
}

const readShortForm = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 100 })
const readLongForm = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 5_000 })
const listsPeople = /^\/(fieldworkers\/bulk|campaigns|automations)(\/|$)/

/**
 * Parses a form: a short one from anyone, one that lists people only from somebody signed in. Any other body counts
 * as an empty form, so that the missing fields are named.
 */
const formBody: RequestHandler = (req, res, next) => {
  const read = req.actor && listsPeople.test(req.path) ? readLongForm : readShortForm
  read(req, res, (error?: unknown) => {
    req.body ??= {}
    next(error)
  })
}

/**
 * If BASE_URL is https, every request counts as https, since the proxy may not say so for each one. Cookies are still
 * bound to https: a browser without it drops them.
 */
const assumeHttps: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'secure', { value: true })
  next()
}

/** The person who may upload an import; during impersonation the admin. */
const importSender = ({ actor }: Request) =>
  actor !== null && hasPermission(actor, 'users.manage') ? (actor.impersonator ?? actor).id : null

/** Loads the actor and the company for the routes and for every view. */
function loadLocals(loadCompany: () => Promise<Company>): RequestHandler {
  return async (req, res, next) => {
    const actor = req.user ?? null
    const { name, timeZone, rememberDays, sessionHours, officePhone } = await loadCompany()
    req.actor = actor
    const can = (permission: Permission) => actor !== null && hasPermission(actor, permission)
    setLocals(res, {
      actor,
      can,
      linkLifetimeText,
      settingsTabs: actor ? settingsTabs(actor) : [],
      company: { name, timeZone, rememberDays, sessionHours, officePhone },
      stepUpMinutes,
      mobile: isMobile(req) || req.path.startsWith('/m/'),
    })
    next()
  }
}
