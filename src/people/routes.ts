import type { Actor } from '../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, requirePermission } from '../access/middleware.ts'
import { entryPage, PageQuery, pageLinks } from '../activity/pagination.ts'
import { byDay, type Day } from '../activity/entry-view.ts'
import { NotFound } from '../platform/web/errors.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { selectRoles } from './manage/queries.ts'
import { filterFields, listUrl, PeopleQuery, resolveLocked } from './filter.ts'
import type { FilterName, FindLocked, PeopleFilter } from './filter.ts'
import { columnSort, sortLabels, stateLabels } from './list/labels.ts'
import { profilePage, type ProfileServices } from './profile-page.ts'
import { selectCounts, selectPreviousPage, selectUsers } from './list/queries.ts'
import { selectOptionalAccount, selectTeamChoices, type Team } from './queries.ts'
import type { CallerCode } from './caller-code.ts'
import { findAuthorizedUser } from './authorize.ts'
import { toPersonView, type PersonView } from './person-view.ts'
import { selectSavedViews, type SavedView } from './saved-views/queries.ts'
import { counted } from '../platform/counted.ts'
import { strictRouter } from '../platform/web/router.ts'

declare global {
  interface Views {
    'people/fieldworkers': PeopleList
    'people/users': PeopleList
    'people/activity': {
      actor: Actor
      person: PersonView
      days: Day[]
      older: string | null
      newer: string | null
    }
    'people/account': { actor: Actor; person: PersonView; devices: number; callerCode: CallerCode | null }
  }
}

const perPage = 50
/** With more teams, people filter by clicking the team of a person instead. */
const maxTeams = 100

interface PeopleServices extends ProfileServices {
  findLocked: FindLocked
}

export function peopleRoutes(services: PeopleServices): Router {
  const { db, loadCallerCode } = services
  const router = strictRouter()

  router.get('/fieldworkers', requirePermission('users.view'), (req, res) =>
    listPage(services, req, res, {
      view: 'people/fieldworkers',
      heading: 'Fieldworkers',
      kind: 'fieldworker',
    }),
  )

  router.get('/settings/company/users', requirePermission('users.view'), (req, res) =>
    listPage(services, req, res, { view: 'people/users', heading: 'Users' }),
  )

  router.get('/fieldworkers/:id', requirePermission('users.view'), async (req, res) => {
    const user = await findAuthorizedUser(db, actorOf(req), 'users.view', req.params.id)
    await profilePage(services, req, res, user)
  })

  router.get(
    '/fieldworkers/:id/activity',
    requirePermission('users.view'),
    requirePermission('activity.view'),
    async (req, res) => {
      const user = await findAuthorizedUser(db, actorOf(req), 'users.view', req.params.id)
      const actor = actorOf(req)
      const found = await entryPage(db, { subjects: [user.id] }, PageQuery.parse(req.query).after)
      renderPage(res, 'people/activity', {
        title: `Activity of ${user.name}`,
        actor,
        person: toPersonView(user, actor),
        days: byDay(found.entries, timeZoneOf(res), actor),
        ...pageLinks(req.path, {}, found),
      })
    },
  )

  router.get('/account', async (req, res) => {
    const actor = actorOf(req)
    const [user, callerCode] = await Promise.all([selectOptionalAccount(db, actor.id), loadCallerCode(actor)])
    if (!user) throw new NotFound()
    const { devices } = user
    renderPage(res, 'people/account', {
      title: 'My account',
      actor,
      person: toPersonView(user, actor),
      devices,
      callerCode,
      narrow: true,
    })
  })

  return router
}

interface PeopleList {
  actor: Actor
  heading: string
  summary: string
  people: PersonView[]
  filters: PeopleFilter
  /** The filters and the order, as a form carries them. */
  fields: [FilterName, string][]
  stateLabels: typeof stateLabels
  sortLabels: typeof sortLabels
  columnSort: typeof columnSort
  counts: Awaited<ReturnType<typeof selectCounts>>
  roundedCount: typeof roundedCount
  total: number
  teams: Team[]
  teamCount: number
  roleNames: { id: string; name: string }[]
  /** The address of the list with other filters. */
  address: (changes: Partial<Record<string, string>>) => string
  list: 'fieldworkers' | 'users'
  csv: string
  previous: string | null
  next: string | null
  range: string
  /** The order in words. */
  sorted: string
  savedViews: SavedView[]
  /** Whether filters or an order are chosen that could be saved. */
  filtered: boolean
}

interface List {
  view: 'people/fieldworkers' | 'people/users'
  heading: string
  kind?: 'fieldworker'
}

async function listPage(
  { db, findLocked }: PeopleServices,
  req: Request,
  res: Response,
  { view, heading, kind }: List,
) {
  const actor = actorOf(req)
  const typed: PeopleFilter = { ...PeopleQuery.parse(req.query), kind }
  const filter = await resolveLocked(db, typed, findLocked)
  const [found, counts, { teams, count: teamCount }, roleNames, savedViews] = await Promise.all([
    selectUsers(db, actor, filter, perPage + 1),
    selectCounts(db, actor, filter, maxCounted),
    selectTeamChoices(db, actor, maxTeams, filter.team),
    kind ? [] : selectRoles(db),
    selectSavedViews(db, actor.id, req.path),
  ])
  const people = found.slice(0, perPage)
  const address = (changes: Partial<Record<string, string>>) => listUrl(req.path, filter, changes)
  const before =
    filter.after && people[0] ? await selectPreviousPage(db, actor, filter, people[0].id, perPage) : null
  const total = counts[filter.status ?? 'all']
  const sorted = sortLabels[filter.sort ?? 'name']
  renderPage(res, view, {
    title: heading,
    actor,
    heading,
    counts,
    roundedCount,
    teams,
    teamCount,
    roleNames,
    address,
    total,
    list: kind ? 'fieldworkers' : 'users',
    csv: listUrl(`${req.path}.csv`, filter, {}),
    summary: isFiltered(filter)
      ? `${countOf(total)} found`
      : `${countOf(total)} in ${counted(teamCount, 'team')}`,
    people: people.map((user) => toPersonView(user, actor)),
    filters: filter,
    fields: filterFields(filter),
    ...{ stateLabels, sortLabels, columnSort, sorted },
    previous: filter.after ? address(before ? { after: before } : {}) : null,
    next: found.length > perPage ? address({ after: people.at(-1)?.id }) : null,
    range: `${countOf(total)}, ${sorted}`,
    savedViews,
    filtered: !actor.impersonator && filterFields(filter).length > 0,
  })
}

const isFiltered = (filter: PeopleFilter): boolean => filterFields(filter).some(([name]) => name !== 'sort')

/** Up to here every person is counted; above, numbers are rounded down to thousands. */
const maxCounted = 10_000
const roundedCount = (count: number): string =>
  count <= maxCounted
    ? count.toLocaleString('en')
    : `${(Math.floor(count / 1_000) * 1_000).toLocaleString('en')}+`
const countOf = (count: number): string => (count === 1 ? '1 person' : `${roundedCount(count)} people`)
