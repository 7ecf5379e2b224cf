import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import type { Queryable } from '../platform/db.ts'
import { invalid, type Result } from '../platform/result.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { parseForm, textField, checkbox, optionalField } from '../platform/web/form.ts'
import {
  listUrl,
  resolveLocked,
  sorts,
  states,
  type FilterName,
  type FindLocked,
  type PeopleFilter,
} from './filter.ts'
import { selectMatchingIds } from './list/queries.ts'

const asList = (sent: unknown): unknown => (sent === undefined ? [] : Array.isArray(sent) ? sent : [sent])
const invalidFilter = 'This filter is not valid. Go back to the list and choose again.'

const filters = {
  q: optionalField(textField.transform(plainName).pipe(z.string().max(200, invalidFilter))),
  status: optionalField(z.enum(['invited', 'active', 'inactive', 'blocked'], invalidFilter)),
  state: optionalField(z.enum(states, invalidFilter)),
  team: optionalField(z.uuid(invalidFilter)),
  role: optionalField(z.uuid(invalidFilter)),
  verified: optionalField(z.enum(['yes', 'no'], invalidFilter)),
  sort: optionalField(z.enum(sorts, invalidFilter)),
} satisfies Record<FilterName, z.ZodType>

/**
 * The people of a bulk action: those selected, or all that match the filters of a list. Unlike a list, it refuses an
 * invalid filter: ignoring it would include more people than intended.
 */
const fields = {
  ids: z.preprocess(asList, z.array(z.uuid(invalidFilter).toLowerCase())),
  all: checkbox,
  /** The list they were selected on: only fieldworkers, or everyone. */
  list: z.enum(['fieldworkers', 'users']).catch('fieldworkers'),
  ...filters,
}
export const Selection = z.object(fields).refine(({ ids, all }) => all || ids.length > 0, {
  path: ['ids'],
  error: 'Select the people first, or choose all that match.',
})
export type Selection = z.output<typeof Selection>

/** Reads the people from a form. `alsoSent` names its other fields: with `all`, an unknown filter is refused. */
export function readSelection(
  sent: Record<string, unknown>,
  ...alsoSent: readonly string[]
): Result<Selection> {
  const known = new Set([...Object.keys(fields), ...alsoSent, '_csrf'])
  const unknown = Object.keys(sent).find((name) => !known.has(name))
  return sent.all !== undefined && unknown
    ? invalid({ [unknown]: invalidFilter })
    : parseForm(Selection, sent)
}

/** The ids of the selected people, as they match now. The action must still check permissions. */
export async function selectedIds(
  db: Queryable,
  actor: Actor,
  chosen: Selection,
  findLocked: FindLocked,
): Promise<string[]> {
  const { ids, all, list, ...filter } = chosen
  if (!all) return [...new Set(ids)]
  const kind = list === 'fieldworkers' ? 'fieldworker' : undefined
  return selectMatchingIds(db, actor, await resolveLocked(db, { ...filter, kind }, findLocked))
}

const paths = { fieldworkers: '/fieldworkers', users: '/settings/company/users' }

/** The list that they were selected on, with its filters. */
export function listOf({ list, ...filter }: Pick<Selection, 'list'> & PeopleFilter): string {
  return listUrl(paths[list], filter, {})
}

/** The same selection as fields of a form, for a page that asks to confirm. */
export function fieldsOf({ ids, all, ...rest }: Selection): [string, string][] {
  const people = all ? [['all', '1']] : ids.map((id) => ['ids', id])
  const others = Object.entries(rest).filter(([, value]) => value)
  return [...people, ...others] as [string, string][]
}
