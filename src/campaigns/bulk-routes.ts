import type { RequestHandler } from 'express'
import { actorOf, allowed, by } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { page } from '../foundation/web/page.ts'
import { keepChoice } from './starting/keep-choice.ts'
import { chosenIn, newAddress } from './starting/selection.ts'

/** So many ids an address bears that one can still be led back to. */
const inAddress = 40

/** From the ticks of a list to a new campaign for the same people; what is asked there is asked once. */
export function bulkCampaign(db: Db): RequestHandler {
  const guard = allowed('campaigns.manage')
  return (req, res, next) =>
    guard(req, res, (refusal?: unknown) => {
      if (refusal) return next(refusal)
      lead(req, res, next)?.catch(next)
    })

  async function lead(...[req, res]: Parameters<RequestHandler>) {
    const chosen = await chosenIn(db, actorOf(req), req.body as Record<string, unknown>)
    const wrong =
      chosen === undefined ? 'Tick the people first.' : chosen.ok ? '' : Object.values(chosen.errors)[0]
    if (!chosen?.ok) return page(res, 'campaigns/nobody', { title: 'New campaign', wrong }, 422)
    const { whom } = chosen.value
    const many = !whom.all && whom.ids.length > inAddress
    const kept = many ? await keepChoice(db, by(req), whom.ids) : undefined
    res.redirect(303, newAddress({ whom, kept }))
  }
}
