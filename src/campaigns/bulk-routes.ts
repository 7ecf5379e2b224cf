import type { RequestHandler } from 'express'
import { actorOf, requirePermission, contextOf } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { saveSelection } from './starting/save-selection.ts'
import { chosenIn, newAddress } from './starting/selection.ts'

/** So many ids an address bears that one can still be led back to. */
const maxIdsInUrl = 40

/** From the ticks of a list to a new campaign for the same people; what is asked there is asked once. */
export function bulkCampaign(db: Db): RequestHandler {
  const guard = requirePermission('campaigns.manage')
  return (req, res, next) =>
    guard(req, res, (refusal?: unknown) => {
      if (refusal) return next(refusal)
      lead(req, res, next)?.catch(next)
    })

  async function lead(...[req, res]: Parameters<RequestHandler>) {
    const chosen = await chosenIn(db, actorOf(req), req.body as Record<string, unknown>)
    const wrong =
      chosen === undefined ? 'Tick the people first.' : chosen.ok ? '' : Object.values(chosen.errors)[0]
    if (!chosen?.ok) return renderPage(res, 'campaigns/nobody', { title: 'New campaign', wrong }, 422)
    const { whom: audience } = chosen.value
    const many = !audience.all && audience.ids.length > maxIdsInUrl
    const kept = many ? await saveSelection(db, contextOf(req), audience.ids) : undefined
    res.redirect(303, newAddress({ whom: audience, kept }))
  }
}
