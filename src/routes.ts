import type { Router } from 'express'
import { shutWhileActing } from './access/acting.ts'
import { choseOwnPassword, signedIn } from './access/guard.ts'
import { emailLogRoutes } from './activity/email-log-routes.ts'
import { writeKeyList } from './activity/evidence/key-list.ts'
import { exportRoutes } from './activity/export-routes.ts'
import { keepingRoutes } from './activity/keeping-routes.ts'
import { activityRoutes } from './activity/routes.ts'
import { automationRoutes } from './automations/routes.ts'
import { bulkCampaign } from './campaigns/bulk-routes.ts'
import { oneCampaignRoutes } from './campaigns/campaign-routes.ts'
import { noteOpened, noteRenewed } from './campaigns/progress/note-opened.ts'
import { campaignRoutes } from './campaigns/routes.ts'
import { cannedResponseRoutes } from './canned-responses/routes.ts'
import type { Config } from './config.ts'
import type { Db } from './foundation/db.ts'
import { keyFor } from './foundation/keys.ts'
import { outboxRoutes } from './foundation/mail/outbox.ts'
import { cspReportRoutes } from './foundation/web/csp-report.ts'
import { healthRoutes, type JobTrouble } from './foundation/web/health.ts'
import { stepOut } from './impersonation/end.ts'
import { impersonationRoutes, returnRoutes } from './impersonation/routes.ts'
import { invite } from './invitations/invite.ts'
import { welcomeAtNewAddress } from './invitations/moved.ts'
import { officeInvitationRoutes } from './invitations/office-routes.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { importRoutes } from './imports/routes.ts'
import { letterBook } from './letters.ts'
import { peekLink } from './links/carry.ts'
import { tidyLink } from './links/tidy.ts'
import { officePasswordRoutes } from './passwords/office-routes.ts'
import { ownPasswordRoutes, stepUpRoutes } from './passwords/routes.ts'
import { bulkRoutes } from './people/bulk-routes.ts'
import { createRoutes } from './people/create-routes.ts'
import { editRoutes } from './people/edit-routes.ts'
import { userRoleRoutes } from './people/role-routes.ts'
import { peopleCsvRoutes } from './people/csv-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { statusRoutes } from './people/status-routes.ts'
import { phonePasswordRoutes, phoneRoutes } from './phone/routes.ts'
import { deadLinkPage } from './recovery/dead-link.ts'
import { deadLinkCookie } from './recovery/dead-link-cookie.ts'
import { landing } from './recovery/land.ts'
import { accountLimits, networkLimits } from './recovery/limits.ts'
import { officeRecoveryRoutes } from './recovery/office-routes.ts'
import { recoveryRoutes } from './recovery/routes.ts'
import { roleRoutes } from './roles/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import type { OurPassport } from './sign-in/passport.ts'
import { companyRoutes } from './settings/company-routes.ts'
import { policyRoutes } from './settings/policy-routes.ts'
import { stillSets } from './settings/reach.ts'
import { teamRoutes } from './settings/team-routes.ts'
import { homeRoutes, signInRoutes } from './sign-in/routes.ts'
import type { SignInKit } from './sign-in/sign-in.ts'
import { confirmRoutes, emailRoutes, verificationRoutes, verifiedFirst } from './verification/routes.ts'
import { exactRouter } from './foundation/web/router.ts'

interface Needs {
  db: Db
  config: Config
  kit: SignInKit
  passport: OurPassport
}

interface ForMachines {
  db: Db
  jobTrouble: JobTrouble
  metrics: Router
}

/** Doors that need neither a session nor a form. */
export function doorsForMachines({ db, jobTrouble, metrics }: ForMachines): Router {
  return exactRouter().use(healthRoutes(db, jobTrouble), metrics, cspReportRoutes())
}

/** All other doors: first those open to everyone, then those for people who are signed in. Shut by default. */
export function doorsForPeople({ db, config, kit, passport }: Needs): Router {
  const router = exactRouter()
  router.use(tidyLink)
  router.use(shutWhileActing)
  router.use(...openDoors({ db, config, kit, passport }))

  router.use(signedIn)
  router.use(homeRoutes(), returnRoutes({ db }))
  router.use(verificationRoutes(kit), verifiedFirst)
  router.use(ownPasswordRoutes(kit), phonePasswordRoutes(kit))

  router.use(choseOwnPassword)
  router.use(stepUpRoutes(kit), emailRoutes(kit), sessionRoutes({ db }), phoneRoutes(kit))
  router.use(createRoutes({ db, invite }), userRoleRoutes({ db, invite }), importRoutes({ db }))
  router.use(editRoutes({ db, onMoved: welcomeAtNewAddress }))
  router.use(peopleRoutes({ db }), peopleCsvRoutes({ db }), statusRoutes({ db }))
  router.use(bulkRoutes({ db, others: { campaign: bulkCampaign(db) } }))
  router.use(officePasswordRoutes(kit), officeRecoveryRoutes(kit))
  const settings = { db, defaults: config }
  router.use(roleRoutes({ db }), policyRoutes(settings), companyRoutes(settings), teamRoutes({ db }))
  router.use(officeInvitationRoutes({ db }))
  router.use(impersonationRoutes({ db }))
  const keyRing = config
  const onNewKey = () => writeKeyList(db, config.dataFolder)
  router.use(
    activityRoutes({ db }),
    exportRoutes({ db, keyRing }),
    keepingRoutes({ db, keyRing, onNewKey, still: stillSets }),
  )
  const { baseUrl } = config
  router.use(
    cannedResponseRoutes({ db, baseUrl }),
    campaignRoutes({ db, baseUrl }),
    oneCampaignRoutes({ db }),
    automationRoutes({ db }),
  )
  router.use(emailLogRoutes({ db, templates: Object.keys(letterBook) }))
  return router
}

function openDoors({ db, config, kit, passport }: Needs): Router[] {
  const networks = networkLimits(db)
  const shownDead = deadLinkCookie(keyFor('dead links', config.sessionSecrets), kit.https)
  const deadLink = deadLinkPage(networks, shownDead)
  const landReset = landing('resetLink')
  const landInvitation = landing('invitationLink')
  const accounts = accountLimits(db, keyFor('forgotten passwords', config.sessionSecrets))
  const opened = (linkId: string) => noteOpened(db, linkId)
  const renewed = (linkId: string) => noteRenewed(db, linkId)
  const doors = [
    signInRoutes(kit, passport, stepOut),
    recoveryRoutes({ kit, accounts, networks, deadLink, shownDead, landReset, opened, renewed }),
    confirmRoutes(kit, deadLink, landReset, opened),
    invitationRoutes({ kit, networks, deadLink, landInvitation }),
  ]
  if (!config.smtpUrl && !config.production) doors.push(outboxOf(db, config, kit))
  return doors
}

function outboxOf(db: Db, { baseUrl, sessionSecrets }: Config, { companyNow }: SignInKit): Router {
  const key = keyFor('links', sessionSecrets)
  const setting = async () => ({ company: await companyNow(), baseUrl })
  return outboxRoutes({ db, book: letterBook, setting, peekLink: (linkId) => peekLink(db, key, linkId) })
}
