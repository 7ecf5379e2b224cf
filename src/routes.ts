import type { Router } from 'express'
import { denyWhileImpersonating } from './access/impersonation-guard.ts'
import { requireOwnPassword, requireSignIn } from './access/middleware.ts'
import { emailLogRoutes } from './activity/email-log-routes.ts'
import { writeKeyList } from './activity/evidence/key-list.ts'
import { exportRoutes } from './activity/export-routes.ts'
import { retentionRoutes } from './activity/retention-routes.ts'
import { activityRoutes, type LogServices } from './activity/routes.ts'
import { automationRoutes } from './automations/routes.ts'
import { bulkCampaign } from './campaigns/bulk-routes.ts'
import { campaignDetailRoutes } from './campaigns/detail-routes.ts'
import { noteOpened, noteRenewed } from './campaigns/progress/queries.ts'
import { campaignListRoutes } from './campaigns/list-routes.ts'
import { cannedResponseRoutes } from './campaigns/canned-responses/routes.ts'
import { defaultCompanyName, type Config } from './config.ts'
import type { Db } from './platform/db.ts'
import { keyFor } from './platform/crypto.ts'
import { todayRoutes } from './desk/today/routes.ts'
import { devOutboxRoutes } from './embedded/dev-outbox.ts'
import { cspReportRoutes } from './platform/web/csp-report.ts'
import { isMigrated } from './platform/migrate.ts'
import { healthRoutes, type JobTrouble } from './platform/web/health.ts'
import { referenceRows } from './reference-rows.ts'
import { endImpersonation } from './auth/impersonation/end-impersonation.ts'
import { impersonationRoutes, returnRoutes } from './auth/impersonation/routes.ts'
import { invite } from './auth/invitations/invite.ts'
import { onEmailChanged } from './auth/invitations/on-email-changed.ts'
import { adminInvitationRoutes } from './auth/invitations/admin-routes.ts'
import { invitationRoutes } from './auth/invitations/routes.ts'
import { importRoutes } from './people/imports/routes.ts'
import { emailTemplates } from './email-templates.ts'
import { previewLink } from './auth/links/activate-link.ts'
import { tidyLink } from './auth/links/tidy-link.ts'
import { callerCodeLoader, callerCodeOf } from './auth/passwords/caller-check/caller-code.ts'
import { callerCheckRoutes, ownCallerCodeRoutes } from './auth/passwords/caller-check/routes.ts'
import { adminPasswordRoutes } from './auth/passwords/admin-routes.ts'
import { signInStatusLoader } from './auth/passwords/sign-in-status/load-sign-in-status.ts'
import { lockedFinder } from './auth/passwords/sign-in-status/find-locked.ts'
import { unlockRoutes } from './auth/passwords/unlock-routes.ts'
import type { PasswordServices } from './auth/passwords/password-services.ts'
import { ownPasswordRoutes, stepUpRoutes } from './auth/passwords/routes.ts'
import { bulkRoutes } from './people/bulk-routes.ts'
import { createRoutes } from './people/create-routes.ts'
import { editRoutes } from './people/edit-routes.ts'
import { userRoleRoutes } from './people/role-routes.ts'
import { peopleCsvRoutes } from './people/csv-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { searchRoutes } from './people/search-routes.ts'
import { selectSavedViews } from './people/saved-views/queries.ts'
import { savedViewRoutes } from './people/saved-views/routes.ts'
import { statusRoutes } from './people/status-routes.ts'
import { mobilePasswordRoutes, mobileRoutes } from './mobile/routes.ts'
import { askedForCookie } from './auth/reset/asked-for-cookie.ts'
import { invalidLinkPage } from './auth/reset/invalid-link-page.ts'
import { invalidLinkCookie } from './auth/reset/invalid-link-cookie.ts'
import { storeLinkInSession } from './auth/reset/store-link-in-session.ts'
import { networkLimits, requestLimits } from './auth/reset/limits.ts'
import { adminResetRoutes } from './auth/reset/admin-routes.ts'
import { signInCodeRoutes } from './auth/reset/sign-in-code-routes.ts'
import { resetRoutes } from './auth/reset/routes.ts'
import { roleRoutes } from './people/roles/routes.ts'
import { sessionRoutes } from './auth/sessions/routes.ts'
import type { OurPassport } from './auth/sign-in/passport.ts'
import { companyRoutes } from './settings/company-routes.ts'
import { policyRoutes } from './settings/policy-routes.ts'
import { reauthorizeSettings } from './settings/reauthorize.ts'
import { teamRoutes } from './settings/team-routes.ts'
import { homeRoutes, signInRoutes } from './auth/sign-in/routes.ts'
import type { SignInServices } from './auth/sign-in/sign-in.ts'
import {
  confirmRoutes,
  emailRoutes,
  verificationRoutes,
  requireVerifiedEmail,
} from './auth/verification/routes.ts'
import { strictRouter } from './platform/web/router.ts'

interface AppDeps {
  db: Db
  config: Config
  services: SignInServices & PasswordServices
  passport: OurPassport
}

interface SystemDeps {
  db: Db
  jobTrouble: JobTrouble
  metrics: Router
}

/** Routes that need neither a session nor a form. */
export function systemRoutes({ db, jobTrouble, metrics }: SystemDeps): Router {
  return strictRouter().use(
    healthRoutes(() => isMigrated(db, referenceRows), jobTrouble),
    metrics,
    cspReportRoutes(),
  )
}

/** All other routes: first the public ones, then those that require sign-in. Shut by default. */
export function appRoutes({ db, config, services, passport }: AppDeps): Router {
  const router = strictRouter()
  router.use(tidyLink)
  router.use(denyWhileImpersonating)
  router.use(...publicRoutes({ db, config, services, passport }))

  router.use(requireSignIn)
  router.use(homeRoutes(), returnRoutes({ db }))
  router.use(verificationRoutes(services), requireVerifiedEmail)
  router.use(ownPasswordRoutes(services), mobilePasswordRoutes(services))

  router.use(requireOwnPassword)
  router.use(
    stepUpRoutes(services),
    emailRoutes(services),
    sessionRoutes({ db }),
    ownCallerCodeRoutes(services),
  )
  const loadCallerCode = callerCodeLoader(services)
  router.use(mobileRoutes({ ...services, loadCallerCode }))
  router.use(createRoutes({ db, invite }), userRoleRoutes({ db, invite }), importRoutes({ db }))
  router.use(editRoutes({ db, onMoved: onEmailChanged }))
  const findLocked = lockedFinder(services)
  const profile = { db, loadSignInStatus: signInStatusLoader(services), loadCallerCode, findLocked }
  router.use(
    peopleRoutes(profile),
    searchRoutes({ db }),
    peopleCsvRoutes({ db, findLocked }),
    statusRoutes(profile),
  )
  router.use(savedViewRoutes({ db }))
  router.use(bulkRoutes({ db, findLocked, others: { campaign: bulkCampaign(db) } }))
  const { baseUrl } = config
  const passwordPage = { ...services, baseUrl }
  router.use(
    adminPasswordRoutes(passwordPage),
    callerCheckRoutes(passwordPage),
    unlockRoutes(services),
    adminResetRoutes(services),
  )
  const linkKey = keyFor('links', config.sessionSecrets)
  router.use(signInCodeRoutes({ db, baseUrl, linkKey }))
  const settings = { db, defaults: config }
  router.use(roleRoutes({ db }), policyRoutes(settings), companyRoutes(settings), teamRoutes({ db }))
  router.use(adminInvitationRoutes({ db }))
  router.use(impersonationRoutes({ db }))
  const keyRing = config
  const log: LogServices = { db, loadSavedViews: (userId, path) => selectSavedViews(db, userId, path) }
  const onNewKey = () => writeKeyList(db, config.dataFolder)
  router.use(
    activityRoutes(log),
    exportRoutes({ ...log, keyRing }),
    retentionRoutes({ db, keyRing, onNewKey, reauthorize: reauthorizeSettings }),
  )
  router.use(
    cannedResponseRoutes({ db, baseUrl }),
    campaignListRoutes({ db, baseUrl, findLocked }),
    campaignDetailRoutes({ db }),
    automationRoutes({ db }),
  )
  router.use(todayRoutes({ services, defaultName: defaultCompanyName }))
  router.use(emailLogRoutes({ db, templates: Object.keys(emailTemplates) }))
  return router
}

function publicRoutes({ db, config, services, passport }: AppDeps): Router[] {
  const networks = networkLimits(db)
  const linkCookie = invalidLinkCookie(keyFor('invalid links', config.sessionSecrets), services.https)
  const showInvalidLink = invalidLinkPage(networks, linkCookie)
  const storeResetLink = storeLinkInSession('resetLink')
  const storeInvitationLink = storeLinkInSession('invitationLink')
  const requests = requestLimits(db, keyFor('forgotten passwords', config.sessionSecrets))
  const opened = (linkId: string) => noteOpened(db, linkId)
  const renewed = (linkId: string) => noteRenewed(db, linkId)
  const askedFor = askedForCookie(keyFor('asked for', config.sessionSecrets), services.https)
  const routes = [
    signInRoutes(services, passport, endImpersonation, askedFor.forget),
    resetRoutes({
      services,
      requestLimits: requests,
      networkLimits: networks,
      showInvalidLink,
      linkCookie,
      askedFor,
      storeResetLink,
      opened,
      renewed,
    }),
    confirmRoutes(services, showInvalidLink, storeResetLink, opened),
    invitationRoutes({ services, networkLimits: networks, showInvalidLink, storeInvitationLink }),
  ]
  if (!config.smtpUrl && !config.production) routes.push(outboxRoutes(db, config, services))
  return routes
}

function outboxRoutes(db: Db, { baseUrl, sessionSecrets }: Config, { loadCompany }: SignInServices): Router {
  const key = keyFor('links', sessionSecrets)
  return devOutboxRoutes({
    db,
    templates: emailTemplates,
    context: async () => ({ company: await loadCompany(), baseUrl }),
    previewLink: (linkId) => previewLink(db, key, linkId),
    callerCodeOf: callerCodeOf(db, keyFor('caller codes', sessionSecrets)),
  })
}
