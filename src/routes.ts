import { Router } from 'express'
import { choseOwnPassword, signedIn } from './access/guard.ts'
import { activityRoutes } from './activity/routes.ts'
import { device } from './activity/device.ts'
import type { Company } from './company/queries.ts'
import type { Config } from './config.ts'
import type { Db } from './foundation/db.ts'
import { outboxRoutes } from './foundation/mail/outbox.ts'
import { cspReportRoutes } from './foundation/web/csp-report.ts'
import { healthRoutes } from './foundation/web/health.ts'
import { letterBook } from './letters.ts'
import { officePasswordRoutes } from './passwords/office-routes.ts'
import { ownPasswordRoutes, stepUpRoutes } from './passwords/routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { selectDevices } from './sessions/queries.ts'
import { renewCarrier, type OurPassport } from './sign-in/passport.ts'
import { signedInRoutes, signInRoutes } from './sign-in/routes.ts'
import type { SignInKit } from './sign-in/sign-in.ts'

interface Needs {
  db: Db
  config: Config
  kit: SignInKit
  passport: OurPassport
  https: boolean
  companyNow: () => Promise<Company>
}

/** Doors that need neither a session nor a form. */
export function doorsForMachines(db: Db): Router {
  return Router().use(healthRoutes(db), cspReportRoutes())
}

/** All other doors: first those open to everyone, then those for people who are signed in. Shut by default. */
export function doorsForPeople({ db, config, kit, passport, https, companyNow }: Needs): Router {
  const router = Router()
  const setting = async () => ({ company: await companyNow(), baseUrl: config.baseUrl })
  const devicesOf = async (userId: string) =>
    (await selectDevices(db, userId)).map(({ user_agent, started_at, last_seen_at }) => ({
      browser: device(user_agent),
      startedAt: started_at,
      lastSeenAt: last_seen_at,
    }))

  router.use(signInRoutes({ db, passport, https }))
  if (!config.smtpUrl && !config.production) router.use(outboxRoutes({ db, book: letterBook, setting }))

  router.use(signedIn)
  router.use(ownPasswordRoutes(kit, renewCarrier))
  router.use(signedInRoutes({ db, passport, https }))
  router.use(choseOwnPassword)
  router.use(stepUpRoutes(kit, renewCarrier))
  router.use(peopleRoutes({ db, devicesOf }))
  router.use(officePasswordRoutes(kit))
  router.use(activityRoutes({ db }))
  return router
}
