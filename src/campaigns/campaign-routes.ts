import { pipeline } from 'node:stream/promises'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, allowed, by, provenWithin } from '../access/guard.ts'
import { copyOut } from '../foundation/copy.ts'
import { RowEnds } from '../foundation/csv.ts'
import type { Db } from '../foundation/db.ts'
import { log } from '../foundation/log.ts'
import { limited, throttle } from '../foundation/throttle.ts'
import { clock, inMinutes, when } from '../foundation/web/dates.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { page, timeZoneOf } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { CampaignQuery } from './forms.ts'
import { everyone, selectPeopleOf, type ShownState } from './progress/queries.ts'
import { selectOptionalCampaign, type Campaign } from './queries.ts'
import { stepUpMinutes } from './routes.ts'
import { goingsOn, moves, progressOf, shownPerson } from './progress/shown.ts'
import { cancel, pause, remind, resume } from './steer.ts'

const perPage = 50

/** One campaign: what became of each letter, and what can be done about it. */
export function oneCampaignRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const guard = allowed('campaigns.manage')
  const exports = throttle(db, 'campaign-export', 10, 60 * 60)

  router.get('/campaigns/:id.csv', guard, async (req, res) => {
    const campaign = await asked(db, req)
    if (req.method === 'HEAD') return res.status(405).set('Allow', 'GET').end()
    if (!provenWithin(stepUpMinutes, req, res)) return
    const actor = actorOf(req)
    const rows = await limited(exports, actor.id, () =>
      copyOut(db, everyone(actor, campaign.id), `export of a campaign by ${actor.id}`),
    )
    res.set({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="campaign-${campaign.started_at.toISOString().slice(0, 10)}.csv"`,
      'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    })
    const sent = pipeline(rows, new RowEnds(), res).catch((error: Error) =>
      log.warn({ err: error, reference: req.reference }, 'an export broke off'),
    )
    await db.hearOut(sent)
  })

  router.get('/campaigns/:id', guard, (req, res) => campaignPage(db, req, res))

  const deed =
    (steer: typeof pause, told: (campaign: Campaign, people: number) => [string, string]) =>
    async (req: Request, res: Response) => {
      const campaign = await asked(db, req)
      const back = `/campaigns/${campaign.id}`
      if (!provenWithin(stepUpMinutes, req, res, back)) return
      flash(req, ...told(campaign, await steer(db, by(req), campaign.id)))
      res.redirect(303, back)
    }
  router.post(
    '/campaigns/:id/pause',
    guard,
    deed(pause, ({ name }) => [`“${name}” is paused`, 'No more letters leave until it is resumed.']),
  )
  router.post(
    '/campaigns/:id/resume',
    guard,
    deed(resume, ({ name }) => [`“${name}” goes on`, 'It acts with your rights from now on.']),
  )
  router.post(
    '/campaigns/:id/cancel',
    guard,
    deed(cancel, ({ name }) => [
      `“${name}” is cancelled`,
      'No more letters leave. Links that were sent work on.',
    ]),
  )
  router.post(
    '/campaigns/:id/remind',
    guard,
    deed(remind, (_campaign, people) => [
      `${people === 1 ? '1 person is' : `${people} people are`} reminded`,
      'Each gets the letter again, with a new link. The one before stops working.',
    ]),
  )

  return router
}

async function asked(db: Db, req: Request): Promise<Campaign> {
  const id = z.uuid().safeParse(req.params.id)
  const campaign = id.success ? await selectOptionalCampaign(db, actorOf(req), id.data) : undefined
  if (!campaign) throw new NotFound()
  return campaign
}

async function campaignPage(db: Db, req: Request, res: Response) {
  const campaign = await asked(db, req)
  const { state, after } = CampaignQuery.parse(req.query)
  const viewer = actorOf(req)
  const found = await selectPeopleOf(db, viewer, campaign.id, { state, after }, perPage + 1)
  const people = found.slice(0, perPage)
  const first = after ? people[0] : undefined
  const earlier = first
    ? await selectPeopleOf(db, viewer, campaign.id, { state, before: first.id }, perPage + 1)
    : []
  const address = (changes: { state?: ShownState; after?: string }) => addressOf(campaign.id, changes)
  const zone = timeZoneOf(res)
  const progress = progressOf(campaign.counts)
  page(res, 'campaigns/campaign', {
    title: campaign.name,
    ...{ campaign, progress, state, inMinutes },
    words: goingsOn(campaign),
    moves: moves(campaign, progress),
    updated: clock(new Date(), zone),
    chips: chipsOf(campaign, progress, address, state),
    people: people.map((row) => shownPerson(row, (date) => when(date, zone))),
    previous: after ? address({ state, after: earlier[perPage]?.id }) : null,
    next: found.length > perPage ? address({ state, after: people.at(-1)?.id }) : null,
  })
}

function addressOf(id: string, { state, after }: { state?: ShownState; after?: string }): string {
  const query = new URLSearchParams({ ...(state ? { state } : {}), ...(after ? { after } : {}) })
  return query.size > 0 ? `/campaigns/${id}?${query.toString()}` : `/campaigns/${id}`
}

function chipsOf(
  { counts }: Campaign,
  { people, open }: { people: number; open: number },
  address: (changes: { state?: ShownState }) => string,
  shown: ShownState | undefined,
) {
  const all: [ShownState | undefined, string, number][] = [
    [undefined, 'Everyone', people],
    ['open', 'Still open', open],
    ['changed', 'Changed', counts.changed],
    ['queued', 'Queued', counts.queued],
    ['failed', 'Failed', counts.failed],
    ['excused', 'Left out', counts.excused],
  ]
  return all.map(([state, label, count]) => ({
    label,
    count,
    href: address({ state }),
    current: state === shown,
  }))
}
