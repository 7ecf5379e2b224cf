import type { Request, Response, Router } from 'express'
import { action } from '../../access/action.ts'
import { hasPermission, type Actor } from '../../access/actor.ts'
import { actorOf, requirePermission } from '../../access/middleware.ts'
import { toCheckView, type CheckView } from '../../activity/chain/check.ts'
import { selectLastCheck } from '../../activity/chain/queries.ts'
import { loadRecentChart } from '../../activity/chart/load-chart.ts'
import type { PasswordServices } from '../../auth/passwords/password-services.ts'
import { progressOf } from '../../campaigns/progress/progress-view.ts'
import { selectCampaignsUnderWay, type Campaign } from '../../campaigns/queries.ts'
import type { Db } from '../../platform/db.ts'
import { ok } from '../../platform/result.ts'
import { renderPage, timeZoneOf } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { reauthorizeSettings } from '../../settings/reauthorize.ts'
import { loadAttention, type AttentionRow } from './attention.ts'
import { loadFirstSteps } from './first-steps.ts'
import { updateFirstStepsDismissed } from './queries.ts'

declare global {
  interface Views {
    'desk/today': {
      actor: Actor
      attention: { rows: AttentionRow[]; more: { label: string; href: string }[] }
      campaigns: (Campaign & ReturnType<typeof progressOf>)[]
      firstSteps: Awaited<ReturnType<typeof loadFirstSteps>>
      /** For those who may see the whole log. */
      check: CheckView | null | undefined
      seesLog: boolean
      /** Of all people, so for those alone too. */
      signIns: Awaited<ReturnType<typeof loadRecentChart>> | null
    }
  }
}

interface Deps {
  services: Pick<PasswordServices, 'db' | 'loginAttempts'>
  /** The name of a company that was not named yet. */
  defaultName: string
}

/** The page of the office’s day: a search, what needs attention, campaigns under way, and the state of the log. */
export function todayRoutes(deps: Deps): Router {
  const router = strictRouter()
  const { db } = deps.services

  router.get('/today', requirePermission('users.view'), (req, res) => todayPage(deps, req, res))

  router.post(
    '/today/first-steps/dismiss',
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      back: '/today',
      form: null,
      showErrors: null,
      run: ({ by }) =>
        db.transaction(async (tx) => {
          await reauthorizeSettings(tx, by, 'settings.manage')
          await updateFirstStepsDismissed(tx)
          return ok(undefined)
        }),
      flash: () => ['The first steps are put away', 'All of them are under Settings and Fieldworkers.'],
      redirect: '/today',
    }),
  )

  return router
}

async function todayPage({ services, defaultName }: Deps, req: Request, res: Response) {
  const { db } = services
  const actor = actorOf(req)
  const seesLog = hasPermission(actor, 'activity.view') && actor.role.scope === 'company'
  const [attention, campaigns, firstSteps, check, signIns] = await Promise.all([
    loadAttention(services, actor, timeZoneOf(res)),
    loadCampaigns(db, actor),
    loadFirstSteps(db, actor, res.locals.company, defaultName),
    seesLog ? selectLastCheck(db) : undefined,
    seesLog ? loadRecentChart(db, timeZoneOf(res)) : null,
  ])
  renderPage(res, 'desk/today', {
    title: 'Today',
    ...{ actor, attention, campaigns, firstSteps, seesLog, signIns },
    check: toCheckView(check),
  })
}

async function loadCampaigns(db: Db, actor: Actor) {
  if (!hasPermission(actor, 'campaigns.manage')) return []
  const campaigns = await selectCampaignsUnderWay(db, actor, 5)
  return campaigns.map((campaign) => ({ ...campaign, ...progressOf(campaign.counts) }))
}
