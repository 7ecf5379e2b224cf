import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { hasPermission, type Actor } from '../access/actor.ts'
import { actorOf, requirePermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { textField, type Fields, typedFields } from '../platform/web/form.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { logAddress, LogQuery, type LogFilter, type ResolvedFilter } from './filter.ts'
import { describeFilter } from './describe-filter.ts'
import { allEventTypes, eventTypesOf } from './event-types.ts'
import { categories, eventLabel, type Category } from './event-label.ts'
import { countMatches, entryPage, matchLabel, PageQuery, pageLinks } from './pagination.ts'
import type { EntryPage, Matches, Neighbours } from './pagination.ts'
import { toCheckView, type CheckView } from './chain/check.ts'
import { selectLastCheck } from './chain/queries.ts'
import { searchPeople, selectEntryCount } from './queries.ts'
import { parseLogFilter } from './resolve-filter.ts'
import { loadLogChart, type LogChart } from './chart/load-chart.ts'
import { dayPresets, type DayPreset } from './day-presets.ts'
import { byDay, type Day } from './entry-view.ts'

declare global {
  interface Views {
    'activity/own': Neighbours & { days: Day[] }
    'activity/log': Neighbours & {
      days: Day[]
      /** All entries, for those who may see every one. */
      whole: Awaited<ReturnType<typeof selectEntryCount>> | null
      check: CheckView | null | undefined
      matching: string
      chart: LogChart | null
      typed: Fields
      inWords: string
      filtered: boolean
      categories: { label: string; href: string; current: boolean }[]
      presets: DayPreset[]
      savedViews: SavedView[]
      events: { value: string; label: string; selected: boolean }[]
      mayExport: boolean
      csv: string
      evidence: string
    }
  }
}

/** A name that the viewer gave to an address of the log. A later module keeps them. */
interface SavedView {
  id: string
  name: string
  address: string
}
export type LoadSavedViews = (userId: string, path: string) => Promise<SavedView[]>

export interface LogServices {
  db: Db
  loadSavedViews: LoadSavedViews
}

const TypeAhead = z.object({ q: textField.trim().min(1).max(200).catch('') })

export function activityRoutes(services: LogServices): Router {
  const { db } = services
  const router = strictRouter()

  router.get('/activity-log', requirePermission('activity.view'), async (req, res) => {
    const parsed = await parseLogFilter(db, actorOf(req), req.query, timeZoneOf(res))
    if (!parsed.ok) return logPage(services, req, res, { errors: parsed.errors })
    await logPage(services, req, res, parsed.value)
  })

  // Suggestions for the fields Actor and About.
  router.get('/activity-log/people', requirePermission('activity.view'), async (req, res) => {
    const { q } = TypeAhead.parse(req.query)
    const people = q ? await searchPeople(db, actorOf(req), q, 8) : []
    res.json(people.map(({ name, email }) => ({ name, email })))
  })

  router.get('/account/activity', async (req, res) => {
    const found = await entryPage(db, { subjects: [actorOf(req).id] }, PageQuery.parse(req.query).after)
    renderPage(res, 'activity/own', {
      title: 'Your activity',
      narrow: true,
      days: byDay(found.entries, timeZoneOf(res)),
      ...pageLinks('/account/activity', {}, found),
    })
  })

  return router
}

const takesTooLong = 'That takes too long over the whole log. Add some days, or use other words.'

interface LogView {
  filter?: LogFilter
  search?: ResolvedFilter
  errors?: Errors
}

/** The page of the log. What it shows is asked for at once. */
export async function logPage(
  services: LogServices,
  req: Request,
  res: Response,
  { errors = {}, ...view }: LogView,
): Promise<void> {
  const { db, loadSavedViews } = services
  const [actor, timeZone] = [actorOf(req), timeZoneOf(res)]
  const { after } = PageQuery.parse(req.query)
  const filter = view.filter ?? validPart(req.query, errors)
  const filtered = Object.keys(filter).length > 0
  const all = actor.role.scope === 'company'
  const [shown, chart, named, savedViews, whole, check] = await Promise.all([
    view.search ? loadEntries(db, view.search, { after, counted: filtered || !all }) : noEntries,
    view.search && !after ? loadLogChart(db, actor, filter, timeZone) : null,
    withPeopleByEmail(db, req, filter),
    loadSavedViews(actor.id, '/activity-log'),
    all ? selectEntryCount(db) : null,
    all ? selectLastCheck(db) : null,
  ])
  if (!shown) return logPage(services, req, res, { errors: { q: takesTooLong } })
  const { found, matches } = shown
  renderPage(
    res,
    'activity/log',
    {
      title: 'Activity log',
      ...{ whole, errors, chart },
      check: all ? toCheckView(check ?? undefined) : null,
      matching: matches ? matchLabel(matches, whole?.total) : '',
      typed: { ...typedFields(req.query), ...named },
      inWords: describeFilter(named),
      filtered,
      days: byDay(found.entries, timeZone, actor),
      ...pageLinks('/activity-log', filter, found),
      categories: categoryLinks(filter),
      presets: dayPresets(filter, timeZone),
      savedViews,
      events: eventOptions(filter),
      mayExport: mayExport(actor),
      csv: logAddress('/activity-log.csv', filter),
      evidence: logAddress('/activity-log/evidence.zip', filter),
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  )
}

interface LoadedEntries {
  found: EntryPage
  matches?: Matches
}

const noEntries: LoadedEntries = { found: { entries: [] } }

/** The entries of a page, and how many match. Undefined if that takes too long. */
async function loadEntries(
  db: Db,
  search: ResolvedFilter,
  { after, counted }: { after: string | undefined; counted: boolean },
): Promise<LoadedEntries | undefined> {
  const found = await entryPage(db, search, after).catch(timedOut)
  if (!found || !counted) return found && { found }
  return { found, matches: await countMatches(db, search, found) }
}

/** The database cancels a query that takes too long for a page, as a common text can. */
function timedOut(error: unknown): undefined {
  if ((error as { code?: unknown }).code !== '57014') throw error
}

/** An export asks for the password, which never works during impersonation. */
export const mayExport = (actor: Actor): boolean =>
  hasPermission(actor, 'activity.export') && !actor.impersonator

/** The valid part of a filter stays applied while the rest is corrected. */
function validPart(query: Request['query'], errors: Errors): LogFilter {
  const valid = Object.entries(query).filter(([name]) => !errors[name])
  return LogQuery.safeParse(Object.fromEntries(valid)).data ?? {}
}

/** Links name people by id; the fields show their email instead. */
async function withPeopleByEmail(db: Db, req: Request, filter: LogFilter): Promise<LogFilter> {
  const named = { ...filter }
  for (const field of ['actor', 'about'] as const) {
    const id = z.uuid().safeParse(filter[field])
    const [person] = id.success ? await searchPeople(db, actorOf(req), id.data, 1) : []
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

/** The options for the events of the chosen category. */
function eventOptions({ category, event }: LogFilter) {
  const offered = category ? eventTypesOf(category) : allEventTypes
  const any = { value: '', label: 'Any event', selected: !event }
  const named = offered.map((type) => ({
    value: type as string,
    label: eventLabel(type),
    selected: type === event,
  }))
  return [any, ...named]
}
