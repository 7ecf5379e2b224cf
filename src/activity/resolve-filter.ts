import type { Target } from '../access/actor.ts'
import type { Db } from '../platform/db.ts'
import { spellings } from '../platform/email-address.ts'
import { ok, invalid, type Result } from '../platform/result.ts'
import { parseForm, soundPart } from '../platform/web/form.ts'
import { eventTypesIn, LogQuery, type LogFilter, type ResolvedFilter } from './filter.ts'
import { searchPeople, selectOtherSpellings, selectSelectiveTerm, selectDayRange } from './queries.ts'

const most = 20

/**
 * What a viewer's filter asks for, within what the viewer may see. Refuses, beside the field, a name that nobody or
 * too many bear: a view, and above all an export, never shows more than was asked for.
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
  const backwards = from && to && from > to
  const errors = {
    ...(backwards ? { to: 'Choose a day that is not before the first.' } : {}),
    ...fault('actor', actors),
    ...fault('about', subjects),
  }
  if (Object.keys(errors).length > 0) return invalid(errors)
  const { first, beyond } = from || to ? await selectDayRange(db, from, to, timeZone) : {}
  const team = viewer.role.scope === 'team' ? (viewer.teamId ?? nobodysTeam) : undefined
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

/**
 * A filter as it came in an address, and what it asks for. All that is wrong is told at once: what cannot be read, and
 * what is wrong with the rest.
 */
export async function askedFor(
  db: Db,
  viewer: Target,
  query: unknown,
  timeZone: string,
): Promise<Result<{ filter: LogFilter; search: ResolvedFilter }>> {
  const asked = parseForm(LogQuery, query)
  const filter = asked.ok ? asked.value : soundPart(LogQuery, query)
  const search = await resolveFilter(db, viewer, filter, timeZone)
  if (asked.ok && search.ok) return ok({ filter, search: search.value })
  return invalid({ ...(search.ok ? {} : search.errors), ...(asked.ok ? {} : asked.errors) })
}

const nobodysTeam = '00000000-0000-0000-0000-000000000000'

async function findPeople(db: Db, viewer: Target, typed: string | undefined) {
  if (!typed) return undefined
  const found = await searchPeople(db, viewer, typed, most + 1)
  return { typed, ids: found.map(({ id }) => id) }
}

function fault(field: string, people: Awaited<ReturnType<typeof findPeople>>): Record<string, string> {
  if (!people) return {}
  if (people.ids.length === 0)
    return {
      [field]: `Nobody here is called “${people.typed}”. Type a part of the name or the address; an address of before is found by Text.`,
    }
  if (people.ids.length > most)
    return { [field]: `More than ${most} people are called that. Type more of the name, or the address.` }
  return {}
}
