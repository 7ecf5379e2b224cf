import type { Target } from '../access/actor.ts'
import type { Db } from '../foundation/db.ts'
import { spellings } from '../foundation/email-address.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { read, soundPart } from '../foundation/web/form.ts'
import { kindsIn, LogQuery, type LogFilter, type Search } from './filter.ts'
import { selectPeopleCalled, selectOtherSpellings, selectRarePart, selectSpan } from './queries.ts'

const most = 20

/**
 * What a viewer's filter asks for, within what the viewer may see. Refuses, beside the field, a name that nobody or
 * too many bear: a view, and above all an export, never shows more than was asked for.
 */
export async function searchFor(
  db: Db,
  viewer: Target,
  filter: LogFilter,
  timeZone: string,
): Promise<Outcome<Search>> {
  const { ip, q, from, to } = filter
  const text = q?.includes('@') ? spellings(q).at(-1) : q // the log has domains in ASCII alone
  const [actors, subjects] = [await called(db, viewer, filter.actor), await called(db, viewer, filter.about)]
  const backwards = from && to && from > to
  const errors = {
    ...(backwards ? { to: 'Choose a day that is not before the first.' } : {}),
    ...fault('actor', actors),
    ...fault('about', subjects),
  }
  if (Object.keys(errors).length > 0) return refused(errors)
  const { first, beyond } = from || to ? await selectSpan(db, from, to, timeZone) : {}
  const team = viewer.role.scope === 'team' ? (viewer.teamId ?? nobodysTeam) : undefined
  return done({
    kinds: kindsIn(filter),
    actors: actors?.ids,
    subjects: subjects?.ids,
    ips: ip ? [ip, ...(await selectOtherSpellings(db, ip))] : undefined,
    text,
    rarePart: text && (await selectRarePart(db, text)),
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
): Promise<Outcome<{ filter: LogFilter; search: Search }>> {
  const asked = read(LogQuery, query)
  const filter = asked.ok ? asked.value : soundPart(LogQuery, query)
  const search = await searchFor(db, viewer, filter, timeZone)
  if (asked.ok && search.ok) return done({ filter, search: search.value })
  return refused({ ...(search.ok ? {} : search.errors), ...(asked.ok ? {} : asked.errors) })
}

const nobodysTeam = '00000000-0000-0000-0000-000000000000'

async function called(db: Db, viewer: Target, typed: string | undefined) {
  if (!typed) return undefined
  const found = await selectPeopleCalled(db, viewer, typed, most + 1)
  return { typed, ids: found.map(({ id }) => id) }
}

function fault(field: string, people: Awaited<ReturnType<typeof called>>): Record<string, string> {
  if (!people) return {}
  if (people.ids.length === 0)
    return {
      [field]: `Nobody here is called “${people.typed}”. Type a part of the name or the address; an address of before is found by Text.`,
    }
  if (people.ids.length > most)
    return { [field]: `More than ${most} people are called that. Type more of the name, or the address.` }
  return {}
}
