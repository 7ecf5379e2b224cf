import { linkLifetimeText } from '../company/link-lifetimes.ts'
import type { Request, Response, Router } from 'express'
import { actorOf, requirePermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { previewOf } from './canned-responses/emails.ts'
import { selectCannedResponses, type CannedResponse } from './canned-responses/queries.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { skipReasons, type Recipient, type SkipReason } from './skip-reasons.ts'
import { highestRate, NewQuery, StartForm, usualRate } from './forms.ts'
import { selectCampaigns } from './queries.ts'
import { chosenIn, fieldsOf, newAddress, planFor, type Chosen, type Plan } from './starting/selection.ts'
import { progressOf } from './progress/progress-view.ts'
import { countedFrom, startCampaign } from './starting/start-campaign.ts'

interface Needs {
  db: Db
  baseUrl: string
}

/** All campaigns, and the way to a new one: whom it reaches and misses, and how it reads, before anything leaves. */
export function campaignListRoutes({ db, baseUrl }: Needs): Router {
  const router = strictRouter()
  const guard = requirePermission('campaigns.manage')

  router.get('/campaigns', guard, async (req, res) => {
    const campaigns = await selectCampaigns(db, actorOf(req), 100)
    const shown = campaigns.map((campaign) => ({ ...campaign, ...progressOf(campaign.counts) }))
    renderPage(res, 'campaigns/list', { title: 'Campaigns', campaigns: shown })
  })

  router.get('/campaigns/new', guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const chosen = await chosenIn(db, actorOf(req), req.query)
    if (!chosen?.ok) return nobodyPage(res, chosen?.errors)
    await newPage({ db, baseUrl }, req, res, chosen.value)
  })

  router.post('/campaigns', guard, async (req, res) => {
    const typed = req.body as Record<string, unknown>
    const chosen = await chosenIn(db, actorOf(req), typed)
    if (!requireRecentPassword(req, res, chosen?.ok ? newAddress(chosen.value) : '/campaigns/new')) return
    if (!chosen?.ok) return nobodyPage(res, chosen?.errors ?? { ids: 'Nobody was chosen.' })
    const again = (errors: Errors) => newPage({ db, baseUrl }, req, res, chosen.value, { typed, errors })
    const form = parseForm(StartForm, typed)
    if (!form.ok) return again(form.errors)
    const started = await startCampaign(db, contextOf(req), { chosen: chosen.value, ...form.value })
    if (!started.ok) return again(started.errors)
    flash(
      req,
      `“${started.value.name}” is on its way`,
      'This page shows what becomes of each letter. You can leave it.',
    )
    res.redirect(303, `/campaigns/${started.value.id}`)
  })

  return router
}

function nobodyPage(res: Response, errors?: Errors) {
  const [wrong] = Object.values(errors ?? {})
  renderPage(res, 'campaigns/nobody', { title: 'New campaign', wrong }, wrong ? 422 : 200)
}

interface Again {
  typed: Record<string, unknown>
  errors: Errors
}

async function newPage({ db, baseUrl }: Needs, req: Request, res: Response, audience: Chosen, again?: Again) {
  const plan = await planFor(db, actorOf(req), audience)
  const asked = NewQuery.parse(again?.typed ?? req.query)
  const responses = await selectCannedResponses(db)
  const chosen = responses.find(({ id }) => id === asked.cannedResponseId) ?? responses[0]
  const value = (name: string) => (typeof again?.typed[name] === 'string' ? again.typed[name] : '')
  const company = (res.locals.company as { name: string }).name
  renderPage(
    res,
    'campaigns/new',
    {
      title: 'Send “Reset your password”',
      ...{ responses, chosen, excuses: skipReasons, highestRate },
      fields: fieldsOf(audience),
      getIt: plan.getIt.length,
      everyone: audience.whom.all,
      missed: byReason(plan),
      mustCount: plan.getIt.length >= countedFrom,
      typed: { lettersPerSecond: value('lettersPerSecond') || String(usualRate), count: value('count') },
      ...(chosen ? exampleOf(plan, audience, { chosen, company, baseUrl, asked: asked.person }) : {}),
      errors: again?.errors ?? {},
    },
    again ? 422 : 200,
  )
}

function byReason({ missed }: Plan): { why: SkipReason; people: Recipient[] }[] {
  const reasons = [...new Set(missed.map(({ why }) => why))]
  return reasons.map((why) => ({
    why,
    people: missed.filter((one) => one.why === why).map(({ who }) => who),
  }))
}

/** So many people can be stepped through; more tell nothing new. */
const examples = 5

interface Example {
  chosen: CannedResponse
  company: string
  baseUrl: string
  asked: string | undefined
}

/** The letter as one of those who get it sees it, and the ways to the next and the one before. */
function exampleOf({ getIt }: Plan, audience: Chosen, { chosen, company, baseUrl, asked }: Example) {
  const few = getIt.slice(0, examples)
  const at = Math.max(
    0,
    few.findIndex(({ id }) => id === asked),
  )
  const person = few[at]
  if (!person) return {}
  const { name, emailVerified } = person
  const link = `${baseUrl}/${emailVerified ? 'reset-password' : 'verify-email'}/…`
  const filling = { name, company, link, expiresIn: linkLifetimeText(emailVerified ? 'campaign' : 'verify') }
  const to = (other: Recipient | undefined) =>
    other ? newAddress(audience, { cannedResponseId: chosen.id, person: other.id }) : null
  return { person, preview: previewOf(chosen, filling), before: to(few[at - 1]), after: to(few[at + 1]) }
}
