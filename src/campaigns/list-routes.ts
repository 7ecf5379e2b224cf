import { action } from '../access/action.ts'
import type { Actor } from '../access/actor.ts'
import { linkLifetimeText } from '../company/link-lifetimes.ts'
import type { Request, Response, Router } from 'express'
import { actorOf, requirePermission, requireRecentPassword } from '../access/middleware.ts'
import { previewOf } from './canned-responses/emails.ts'
import { selectCannedResponses, type CannedResponse } from './canned-responses/queries.ts'
import type { FindLocked } from '../people/filter.ts'
import type { Db } from '../platform/db.ts'
import { type Errors, invalid } from '../platform/result.ts'
import { typedFields, textOf, type Fields } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { skipReasons, type Recipient, type SkipReason } from './skip-reasons.ts'
import { defaultRate, maxRate, NewQuery, StartForm } from './forms.ts'
import { selectCampaigns, type Campaign } from './queries.ts'
import {
  fieldsOf,
  newCampaignUrl,
  parseAudience,
  planFor,
  type Chosen,
  type Plan,
} from './starting/selection.ts'
import { progressOf } from './progress/progress-view.ts'
import { confirmCountFrom, startCampaign } from './starting/start-campaign.ts'

declare global {
  interface Views {
    'campaigns/list': { actor: Actor; campaigns: (Campaign & ReturnType<typeof progressOf>)[] }
    'campaigns/nobody': { wrong?: string }
    'campaigns/new': {
      actor: Actor
      responses: CannedResponse[]
      chosen: CannedResponse | undefined
      skipReasons: typeof skipReasons
      maxRate: number
      fields: [string, string][]
      recipientCount: number
      everyone: boolean
      skipped: ReturnType<typeof byReason>
      mustCount: boolean
      typed: { emailsPerSecond: string; count: string }
      /** The email as one of its recipients sees it. */
      example: ReturnType<typeof exampleOf>
    }
  }
}

interface Deps {
  db: Db
  findLocked: FindLocked
  baseUrl: string
}

/** All campaigns, and the page for a new one: who gets it, who is skipped, and a preview before anything is sent. */
export function campaignListRoutes(deps: Deps): Router {
  const { db } = deps
  const router = strictRouter()
  const guard = requirePermission('campaigns.manage')

  router.get('/campaigns', guard, async (req, res) => {
    const actor = actorOf(req)
    const campaigns = await selectCampaigns(db, actor, 100)
    const shown = campaigns.map((campaign) => ({ ...campaign, ...progressOf(campaign.counts) }))
    renderPage(res, 'campaigns/list', { title: 'Campaigns', actor, campaigns: shown })
  })

  router.get('/campaigns/new', guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const chosen = await parseAudience(db, actorOf(req), req.query)
    if (!chosen?.ok) return nobodyPage(res, chosen?.errors)
    await newPage(deps, req, res, chosen.value)
  })

  router.post(
    '/campaigns',
    action({
      permission: { any: 'campaigns.manage' },
      target: (req) => parseAudience(db, actorOf(req), typedFields(req.body)),
      stepUp: 'desk',
      back: ({ target: chosen }) => (chosen?.ok ? newCampaignUrl(chosen.value) : '/campaigns/new'),
      form: StartForm,
      showErrors: ({ req, res, target: chosen, typed }, errors) =>
        chosen?.ok
          ? newPage(deps, req, res, chosen.value, { typed, errors })
          : nobodyPage(res, chosen?.errors ?? { ids: 'No one is selected.' }),
      run: async ({ by, target: chosen, form }) =>
        chosen?.ok ? startCampaign(deps, by, { chosen: chosen.value, ...form }) : invalid({}),
      flash: ({ value: { name } }) => [
        `“${name}” is being sent`,
        'This page shows what happens to each email. You can leave it.',
      ],
      redirect: ({ value: { id } }) => `/campaigns/${id}`,
    }),
  )
  return router
}

function nobodyPage(res: Response, errors?: Errors) {
  const [error] = Object.values(errors ?? {})
  renderPage(res, 'campaigns/nobody', { title: 'New campaign', wrong: error }, error ? 422 : 200)
}

interface Rejected {
  typed: Fields
  errors: Errors
}

async function newPage(
  { db, baseUrl, findLocked }: Deps,
  req: Request,
  res: Response,
  audience: Chosen,
  rejected?: Rejected,
) {
  const actor = actorOf(req)
  const plan = await planFor(db, actor, audience, findLocked)
  const query = NewQuery.parse(rejected?.typed ?? req.query)
  const responses = await selectCannedResponses(db)
  const chosen = responses.find(({ id }) => id === query.cannedResponseId) ?? responses[0]
  const value = (name: string) => textOf(rejected?.typed[name])
  const company = res.locals.company.name
  renderPage(
    res,
    'campaigns/new',
    {
      title: 'Send “Reset your password”',
      actor,
      responses,
      chosen,
      skipReasons,
      maxRate,
      fields: fieldsOf(audience),
      recipientCount: plan.recipients.length,
      everyone: audience.audience.all,
      skipped: byReason(plan),
      mustCount: plan.recipients.length >= confirmCountFrom,
      typed: { emailsPerSecond: value('emailsPerSecond') || String(defaultRate), count: value('count') },
      example: chosen && exampleOf(plan, audience, { chosen, company, baseUrl, personId: query.person }),
      errors: rejected?.errors ?? {},
    },
    rejected ? 422 : 200,
  )
}

function byReason({ skipped }: Plan): { reason: SkipReason; people: Recipient[] }[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return reasons.map((reason) => ({
    reason,
    people: skipped.filter((one) => one.reason === reason).map(({ recipient }) => recipient),
  }))
}

/** How many people the preview can step through. */
const maxExamples = 5

interface Example {
  chosen: CannedResponse
  company: string
  baseUrl: string
  personId: string | undefined
}

/** The email as one of its recipients sees it, and the links to the previous and next recipient. */
function exampleOf({ recipients }: Plan, audience: Chosen, { chosen, company, baseUrl, personId }: Example) {
  const examples = recipients.slice(0, maxExamples)
  const index = Math.max(
    0,
    examples.findIndex(({ id }) => id === personId),
  )
  const person = examples[index]
  if (!person) return undefined
  const { name, emailVerified } = person
  const link = `${baseUrl}/${emailVerified ? 'reset-password' : 'verify-email'}/…`
  const filling = { name, company, link, expiresIn: linkLifetimeText(emailVerified ? 'campaign' : 'verify') }
  const urlFor = (other: Recipient | undefined) =>
    other ? newCampaignUrl(audience, { cannedResponseId: chosen.id, person: other.id }) : null
  return {
    person,
    preview: previewOf(chosen, filling),
    before: urlFor(examples[index - 1]),
    after: urlFor(examples[index + 1]),
  }
}
