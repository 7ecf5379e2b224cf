import type { Target } from '../access/actor.ts'
import type { Db } from '../platform/db.ts'
import { spellings } from '../platform/email-address.ts'
import { ok, invalid, type Result } from '../platform/result.ts'
import { parseForm, soundPart } from '../platform/web/form.ts'
import { eventTypesIn, LogQuery, type LogFilter, type ResolvedFilter } from './filter.ts'
import { searchPeople, selectOtherSpellings, selectSelectiveTerm, selectDayRange } from './queries.ts'

const maxPeople = 20

/**
 * Resolves a filter within what the viewer may see. A name that matches nobody or too many people is an error next to
 * its field: a view, and above all an export, never shows more than was asked for.
 */
export async function resolveFilter(
  db: Db,
  viewer: Target,
  filter: LogFilter,
  timeZone: string,
): Promise<Result<ResolvedFilter>> {
  const { ip, q, from, to } = filter
  const text = q?.includes('@') ? spellings(q).at(-1) : q // the log has domains in ASCII alone
  const [actors, subjects] = [
    await findPeople(db, viewer, filter.actor),
    await findPeople(db, viewer, filter.about),
  ]
  const isReversed = from && to && from > to
  const errors = {
    ...(isReversed ? { to: 'Choose a day that is not before the first.' } : {}),
    ...fault('actor', actors),
    ...fault('about', subjects),
  }
  if (Object.keys(errors).length > 0) return invalid(errors)
  const { first, beyond } = from || to ? await selectDayRange(db, from, to, timeZone) : {}
  const team = viewer.role.scope === 'team' ? (viewer.teamId ?? noTeam) : undefined
  return ok({
    eventTypes: eventTypesIn(filter),
    actors: actors?.ids,
    subjects: subjects?.ids,
    ips: ip ? [ip, ...(await selectOtherSpellings(db, ip))] : undefined,
    text,
    selectiveTerm: text && (await selectSelectiveTerm(db, text)),
    first,
    beyond,
    team,
  })
}

/** Parses and resolves the filter of an address. All errors are reported at once. */
export async function parseLogFilter(
  db: Db,
  viewer: Target,
  query: unknown,
  timeZone: string,
): Promise<Result<{ filter: LogFilter; search: ResolvedFilter }>> {
  const parsed = parseForm(LogQuery, query)
  const filter = parsed.ok ? parsed.value : soundPart(LogQuery, query)
  const search = await resolveFilter(db, viewer, filter, timeZone)
  if (parsed.ok && search.ok) return ok({ filter, search: search.value })
  return invalid({ ...(search.ok ? {} : search.errors), ...(parsed.ok ? {} : parsed.errors) })
}

const noTeam = '00000000-0000-0000-0000-000000000000'

async function findPeople(db: Db, viewer: Target, typed: string | undefined) {
  if (!typed) return undefined
  const found = await searchPeople(db, viewer, typed, maxPeople + 1)
  return { typed, ids: found.map(({ id }) => id) }
}

function fault(field: string, people: Awaited<ReturnType<typeof findPeople>>): Record<string, string> {
  if (!people) return {}
  if (people.ids.length === 0)
    return {
      [field]: `Nobody here is called “${people.typed}”. Enter a part of the name or the address. To find an earlier address, use Text.`,
    }
  if (people.ids.length > maxPeople)
    return {
      [field]: `More than ${maxPeople} people are called that. Enter more of the name, or the address.`,
    }
  return {}
}
