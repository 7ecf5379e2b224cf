import path from 'node:path'
import express, { type Express, type Request, type RequestHandler } from 'express'
import type { Config } from './config.ts'
import { companyOf, selectCompany, selectCompanyForShare, type CompanyDefaults } from './company/queries.ts'
import type { Db, Tx } from './foundation/db.ts'
import { keyFor } from './foundation/keys.ts'
import type { QueueState } from './foundation/queue-state.ts'
import { clientAddress } from './foundation/web/client-address.ts'
import { antiForgery } from './foundation/web/csrf.ts'
import { errorPage, lastResort, notFound } from './foundation/web/errors.ts'
import { headers } from './foundation/web/headers.ts'
import { onlyHttps } from './foundation/web/only-https.ts'
import { showsPages, viewLocals } from './foundation/web/page.ts'
import { publicFiles } from './foundation/web/public-files.ts'
import { plainRedirects } from './foundation/web/redirect.ts'
import { knownTarget, takesPlainTargets } from './foundation/web/request-target.ts'
import { requestLog } from './foundation/web/request.ts'
import { comeBack } from './impersonation/come-back.ts'
import { closeIfOver } from './sessions/acting/close.ts'
import { uploadAt } from './foundation/web/upload.ts'
import { mostBytes } from './imports/check.ts'
import { hashing, strengths } from './passwords/hash.ts'
import { selectHashOfEachKind } from './passwords/queries.ts'
import { wellKnownRoutes } from './passwords/routes.ts'
import { Tries } from './passwords/tries.ts'
import { doorsForMachines, doorsForPeople } from './routes.ts'
import { measuring, metricsOf } from './metrics/measure.ts'
import { metricsRoutes } from './metrics/routes.ts'
import { stillEnds } from './sessions/replaced.ts'
import { sessionCarrier } from './sessions/store.ts'
import { holds } from './access/actor.ts'
import { onPhone } from './access/guard.ts'
import type { Permission } from './access/permissions.ts'
import { settingsTabs } from './settings/tabs.ts'
import { networkLimits } from './sign-in/limits.ts'
import { passportFor } from './sign-in/passport.ts'

export interface Deps {
  db: Db
  config: Config
  /** How it stands with the jobs, where this server does them. */
  queue?: () => QueueState
}

/** The whole application over one database: its middleware in order, then its doors. */
export function createApp({ db, config, queue }: Deps): Express {
  const app = express()
  const https = config.baseUrl.startsWith('https:')
  const companyNow = () => selectCompany(db, config)
  const tries = new Tries(keyFor('password tries', config.sessionSecrets))
  const kit = {
    db,
    companyNow,
    companyHeld: (tx: Tx) => selectCompanyForShare(tx, config),
    tries,
    hasher: hashing(strengths[config.hashing], config.webConcurrency, () => selectHashOfEachKind(db)),
    limits: networkLimits(db, keyFor('network tries', config.sessionSecrets)),
    https,
  }
  const passport = passportFor(db, kit, (sessionId) => closeIfOver(db, sessionId))

  takesPlainTargets(app)
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  showsPages(app)

  app.use(clientAddress)
  app.use(headers(config.baseUrl))
  const files = publicFiles(path.resolve(import.meta.dirname, '../public'))
  app.use(files.serve)
  const metrics = config.metricsToken ? metricsOf(db, queue) : undefined
  if (metrics) app.use(measuring(metrics))
  app.use(requestLog)
  app.use(plainRedirects)
  app.use(viewLocals(config.companyName, files.addressOf))
  app.use(knownTarget)
  const jobTrouble = () => queue?.().trouble ?? null
  app.use(doorsForMachines({ db, jobTrouble, metrics: metricsRoutes(config.metricsToken, metrics) }))
  if (https) app.use(onlyHttps(config.baseUrl))
  if (https) app.use(comesByHttps)
  app.use(wellKnownRoutes())
  app.use(sessionCarrier(db, config.sessionSecrets, https))
  app.use(passport.session())
  app.use(whoAndWhere(db, config))
  app.use(comeBack(db))
  app.use(stillEnds(db))
  const routes = doorsForPeople({ db, config, kit, passport })
  const { baseUrl, sessionSecrets: secrets } = config
  const { checkOrigin, checkToken, showStaleForm } = antiForgery({ baseUrl, secrets, routes })
  app.use(checkOrigin)
  app.use(formBody)
  app.use(uploadAt('/fieldworkers/import', { senderOf: importer, checkToken, mostBytes }))
  app.use(checkToken)
  app.use(showStaleForm)
  app.use(routes)
  app.use(notFound)
  app.use(errorPage)
  app.use(lastResort)
  return app
}

const shortForm = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 100 })
const listOfPeople = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 5_000 })
const namesPeople = /^\/(fieldworkers\/bulk|campaigns|automations)(\/|$)/

/**
 * Reads a form: a short one from strangers, a list of people from somebody signed in. A body that is no form is read as an
 * empty one, so that its fields are asked for in words.
 */
const formBody: RequestHandler = (req, res, next) => {
  const read = req.actor && namesPeople.test(req.path) ? listOfPeople : shortForm
  read(req, res, (error?: unknown) => {
    req.body ??= {}
    next(error)
  })
}

/**
 * BASE_URL says that people come by https; whatever ends it in front of us may not say so for each request. Then cookies
 * are still bound to https, and a browser that came without it drops them.
 */
const comesByHttps: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'secure', { value: true })
  next()
}

/** The person who sends a file to import, if they may; where somebody works as someone else, the one who does. */
const importer = ({ actor }: Request) =>
  actor !== null && holds(actor, 'users.manage') ? (actor.impersonator ?? actor).id : null

/** Who is signed in and which company this is, for the routes and for every view. */
function whoAndWhere(db: Db, defaults: CompanyDefaults): RequestHandler {
  return async (req, res, next) => {
    const actor = req.user ?? null
    const company = actor ? companyOf(actor.company, defaults) : await selectCompany(db, defaults)
    const { name, timeZone, rememberDays, sessionHours } = company
    req.actor = actor
    const can = (permission: Permission) => actor !== null && holds(actor, permission)
    Object.assign(res.locals, {
      actor,
      can,
      settingsTabs: actor ? settingsTabs(actor) : [],
      company: { name, timeZone, rememberDays, sessionHours },
      phone: onPhone(req) || req.path.startsWith('/m/'),
    })
    next()
  }
}
