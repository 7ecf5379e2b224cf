import { typedFields } from '../platform/web/form.ts'
import type { RequestHandler } from 'express'
import { actorOf, requirePermission, contextOf } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { saveSelection } from './starting/save-selection.ts'
import { parseAudience, newCampaignUrl } from './starting/selection.ts'

/** The most ids to put in an address, so that a redirect can still carry it. */
const maxIdsInUrl = 40

/** Leads from the selection of a list to a new campaign for the same people. */
export function bulkCampaign(db: Db): RequestHandler {
  const guard = requirePermission('campaigns.manage')
  return (req, res, next) =>
    guard(req, res, (error?: unknown) => {
      if (error) return next(error)
      redirect(req, res, next)?.catch(next)
    })

  async function redirect(...[req, res]: Parameters<RequestHandler>) {
    const chosen = await parseAudience(db, actorOf(req), typedFields(req.body))
    const wrong =
      chosen === undefined ? 'Select the people first.' : chosen.ok ? '' : Object.values(chosen.errors)[0]
    if (!chosen?.ok) return renderPage(res, 'campaigns/nobody', { title: 'New campaign', wrong }, 422)
    const { audience } = chosen.value
    const tooMany = !audience.all && audience.ids.length > maxIdsInUrl
    const savedId = tooMany ? await saveSelection(db, contextOf(req), audience.ids) : undefined
    res.redirect(303, newCampaignUrl({ audience, savedId }))
  }
}
