import { ok } from '../platform/result.ts'
import { action } from '../access/action.ts'
import type { Actor } from '../access/actor.ts'
import { pipeline } from 'node:stream/promises'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, contextOf, requirePermission, requireRecentPassword } from '../access/middleware.ts'
import { sendExport } from '../activity/export.ts'
import { copyToCsv } from '../platform/copy-to-csv.ts'
import { CrlfTransform } from '../platform/csv.ts'
import type { Db } from '../platform/db.ts'
import { limited, rateLimit } from '../platform/rate-limit.ts'
import { clock, inMinutes, dayAndTime } from '../platform/web/dates.ts'
import { requireDirectDownload, setDownloadHeaders } from '../platform/web/download.ts'
import { NotFound } from '../platform/web/errors.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { CampaignQuery } from './forms.ts'
import { exportQuery, selectRecipientPage, type StateFilter } from './progress/queries.ts'
import { selectOptionalCampaign, type Campaign, type CampaignWithFresh } from './queries.ts'
import { counted } from '../platform/counted.ts'
import {
  describePause,
  statusText,
  isInProgress,
  progressOf,
  toRecipientView,
} from './progress/progress-view.ts'
import { cancel, pause, remind, resume } from './controls.ts'

declare global {
  interface Views {
    'campaigns/campaign': {
      actor: Actor
      campaign: CampaignWithFresh
      progress: ReturnType<typeof progressOf>
      inMinutes: typeof inMinutes
      words: string
      /** Why it was paused, if not by a person. */
      paused: string | null
      moves: boolean
      updated: string
      chips: ReturnType<typeof filterChips>
      people: ReturnType<typeof toRecipientView>[]
      previous: string | null
      next: string | null
    }
  }
}

const perPage = 50
const campaignPageOf = ({ path }: Request): string => path.replace('.csv', '')

/** One campaign: what happened to each email, and the actions on it. */
export function campaignDetailRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requirePermission('campaigns.manage')
  const exports = rateLimit(db, 'campaign-export', 10, 60 * 60)

  router.get('/campaigns/:id.csv', guard, requireDirectDownload(campaignPageOf), async (req, res) => {
    const campaign = await requestedCampaign(db, req)
    if (!requireRecentPassword(req, res)) return
    const actor = actorOf(req)
    const people = await limited(exports, actor.id, () =>
      copyToCsv(db, exportQuery(actor, campaign.id), `export of a campaign by ${actor.id}`),
    )
    setDownloadHeaders(res, `campaign-${campaign.started_at.toISOString().slice(0, 10)}`, 'csv')
    const csv = new CrlfTransform()
    await sendExport(db, contextOf(req), res, {
      event: 'list_exported',
      details: { list: 'campaign', name: campaign.name },
      rows: () => Math.max(0, csv.rows - 1),
      write: (out) => pipeline(people, csv, out),
    })
  })

  router.get('/campaigns/:id', guard, (req, res) => campaignPage(db, req, res))

  const control = (
    run: typeof pause,
    successMessage: (campaign: Campaign, people: number) => [string, string],
  ) =>
    action({
      permission: { any: 'campaigns.manage' },
      target: (req) => requestedCampaign(db, req),
      stepUp: 'desk',
      back: ({ target }) => `/campaigns/${target.id}`,
      form: null,
      showErrors: null,
      run: async ({ by, target }) => ok(await run(db, by, target.id)),
      flash: ({ target, value: people }) => successMessage(target, people),
      redirect: ({ target }) => `/campaigns/${target.id}`,
    })
  router.post(
    '/campaigns/:id/pause',
    control(pause, ({ name }) => [`“${name}” is paused`, 'No more emails are sent until it is resumed.']),
  )
  router.post(
    '/campaigns/:id/resume',
    control(resume, ({ name }) => [`“${name}” is resumed`, 'It runs with your permissions from now on.']),
  )
  router.post(
    '/campaigns/:id/cancel',
    control(cancel, ({ name }) => [
      `“${name}” is cancelled`,
      'No more emails are sent. Links that were already sent still work.',
    ]),
  )
  router.post(
    '/campaigns/:id/remind',
    control(remind, (_campaign, people) => [
      `Reminding ${counted(people, 'person')}`,
      'Each gets the email again with a new link. The earlier link stops working.',
    ]),
  )

  return router
}

async function requestedCampaign(db: Db, req: Request): Promise<CampaignWithFresh> {
  const id = z.uuid().safeParse(req.params.id)
  const campaign = id.success ? await selectOptionalCampaign(db, actorOf(req), id.data) : undefined
  if (!campaign) throw new NotFound()
  return campaign
}

async function campaignPage(db: Db, req: Request, res: Response) {
  const campaign = await requestedCampaign(db, req)
  const { state, after } = CampaignQuery.parse(req.query)
  const viewer = actorOf(req)
  const found = await selectRecipientPage(db, viewer, campaign.id, { state, after }, perPage + 1)
  const people = found.slice(0, perPage)
  const first = after ? people[0] : undefined
  const earlier = first
    ? await selectRecipientPage(db, viewer, campaign.id, { state, before: first.id }, perPage + 1)
    : []
  const url = (query: { state?: StateFilter; after?: string }) => urlOf(campaign.id, query)
  const zone = timeZoneOf(res)
  const progress = progressOf(campaign.counts)
  renderPage(res, 'campaigns/campaign', {
    title: campaign.name,
    actor: viewer,
    campaign,
    progress,
    inMinutes,
    words: statusText(campaign),
    paused: campaign.pause_reason && describePause(campaign.pause_reason),
    moves: isInProgress(campaign, progress),
    updated: clock(new Date(), zone),
    chips: filterChips(campaign, progress, url, state),
    people: people.map((row) => toRecipientView(row, (date) => dayAndTime(date, zone))),
    previous: after ? url({ state, after: earlier[perPage]?.id }) : null,
    next: found.length > perPage ? url({ state, after: people.at(-1)?.id }) : null,
  })
}

function urlOf(id: string, { state, after }: { state?: StateFilter; after?: string }): string {
  const query = new URLSearchParams({ ...(state ? { state } : {}), ...(after ? { after } : {}) })
  return query.size > 0 ? `/campaigns/${id}?${query.toString()}` : `/campaigns/${id}`
}

function filterChips(
  { counts }: Campaign,
  { people, open }: { people: number; open: number },
  url: (query: { state?: StateFilter }) => string,
  current: StateFilter | undefined,
) {
  const all: [StateFilter | undefined, string, number][] = [
    [undefined, 'Everyone', people],
    ['open', 'Still open', open],
    ['changed', 'Changed', counts.changed],
    ['queued', 'Queued', counts.queued],
    ['failed', 'Failed', counts.failed],
    ['skipped', 'Left out', counts.skipped],
  ]
  return all.map(([state, label, count]) => ({
    label,
    count,
    href: url({ state }),
    current: state === current,
  }))
}
