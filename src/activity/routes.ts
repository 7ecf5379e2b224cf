import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { holds, type Actor } from '../access/actor.ts'
import { actorOf, allowed } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { text } from '../foundation/web/form.ts'
import { page, timeZoneOf } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { logAddress, LogQuery, type LogFilter } from './filter.ts'
import { filterInWords } from './filter-words.ts'
import { allKinds, categories, kindInWords, kindsOf, type Category } from './kinds.ts'
import { countOf, entryPage, PageQuery, waysOn, type EntryPage } from './pages.ts'
import { selectLastCheck } from './chain/queries.ts'
import { selectPeopleCalled, selectWhole } from './queries.ts'
import { askedFor } from './search.ts'
import { byDay } from './shown.ts'

const TypeAhead = z.object({ q: text.trim().min(1).max(200).catch('') })

export function activityRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()

  router.get('/activity-log', allowed('activity.view'), async (req, res) => {
    const asked = await askedFor(db, actorOf(req), req.query, timeZoneOf(res))
    if (!asked.ok) return logPage(db, req, res, { errors: asked.errors })
    const { filter, search } = asked.value
    const found = await entryPage(db, search, PageQuery.parse(req.query).after).catch(gaveUp)
    if (!found) return logPage(db, req, res, { errors: { q: takesTooLong } })
    const matching = await countOf(db, search, found)
    await logPage(db, req, res, { filter, found, matching })
  })

  // What the type-ahead of Actor and About asks for while somebody types.
  router.get('/activity-log/people', allowed('activity.view'), async (req, res) => {
    const { q } = TypeAhead.parse(req.query)
    const people = q ? await selectPeopleCalled(db, actorOf(req), q, 8) : []
    res.json(people.map(({ name, email }) => ({ name, email })))
  })

  router.get('/account/activity', async (req, res) => {
    const found = await entryPage(db, { subjects: [actorOf(req).id] }, PageQuery.parse(req.query).after)
    page(res, 'activity/own', {
      title: 'Your activity',
      narrow: true,
      days: byDay(found.entries, timeZoneOf(res)),
      ...waysOn('/account/activity', {}, found),
    })
  })

  return router
}

const takesTooLong = 'That takes too long over the whole log. Ask for some days too, or for other words.'

/** The database breaks off what takes longer than a page may; a text that is common elsewhere can do that. */
function gaveUp(error: unknown): undefined {
  if ((error as { code?: unknown }).code !== '57014') throw error
}

interface LogView {
  filter?: LogFilter
  errors?: Errors
  found?: EntryPage
  matching?: string
}

const nothing: EntryPage = { entries: [] }

export async function logPage(db: Db, req: Request, res: Response, view: LogView) {
  const { errors = {}, found = nothing, matching = '' } = view
  const filter = view.filter ?? soundPart(req.query, errors)
  const named = await readable(db, req, filter)
  const all = actorOf(req).role.scope === 'company'
  const [whole, check] = all ? [await selectWhole(db), await selectLastCheck(db)] : [null, null]
  page(
    res,
    'activity/log',
    {
      title: 'Activity log',
      ...{ whole, check, errors, matching },
      typed: { ...(req.query as Record<string, unknown>), ...named },
      inWords: filterInWords(named),
      filtered: Object.keys(filter).length > 0,
      days: byDay(found.entries, timeZoneOf(res), actorOf(req)),
      ...waysOn('/activity-log', filter, found),
      categories: categoryLinks(filter),
      events: eventChoices(filter),
      mayExport: mayExport(actorOf(req)),
      csv: logAddress('/activity-log.csv', filter),
      evidence: logAddress('/activity-log/evidence.zip', filter),
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  )
}

/** It asks for a password, which nobody has in another's name. */
export const mayExport = (actor: Actor): boolean => holds(actor, 'activity.export') && !actor.impersonator

/** What was asked soundly stays asked while the rest is mended. */
function soundPart(query: Request['query'], errors: Errors): LogFilter {
  const sound = Object.entries(query).filter(([name]) => !errors[name])
  return LogQuery.safeParse(Object.fromEntries(sound)).data ?? {}
}

/** Links name people by id; in the fields they stand as one would type them. */
async function readable(db: Db, req: Request, filter: LogFilter): Promise<LogFilter> {
  const named = { ...filter }
  for (const field of ['actor', 'about'] as const) {
    const id = z.uuid().safeParse(filter[field])
    const [person] = id.success ? await selectPeopleCalled(db, actorOf(req), id.data, 1) : []
    if (person) named[field] = person.email
  }
  return named
}

function categoryLinks(filter: LogFilter) {
  const link = (category: Category | undefined, label: string) => ({
    label,
    href: logAddress('/activity-log', filter, { category, event: undefined }),
    current: filter.category === category,
  })
  const named = Object.entries(categories) as [Category, string][]
  return [link(undefined, 'All'), ...named.map(([category, label]) => link(category, label))]
}

/** The events of the chosen category, in words. */
function eventChoices({ category, event }: LogFilter) {
  const offered = category ? kindsOf(category) : allKinds
  const any = { value: '', label: 'Any event', selected: !event }
  const named = offered.map((kind) => ({
    value: kind as string,
    label: kindInWords(kind),
    selected: kind === event,
  }))
  return [any, ...named]
}
