import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import type { Queryable } from '../platform/db.ts'
import { invalid, type Result } from '../platform/result.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { parseForm, textField, checkbox, optionalField } from '../platform/web/form.ts'
import { listAddress, type FilterName, type PeopleFilter } from './filter.ts'
import { selectMatchingIds } from './list/queries.ts'

const asList = (sent: unknown): unknown => (sent === undefined ? [] : Array.isArray(sent) ? sent : [sent])
const odd = 'This filter cannot be read. Go back to the list and choose again.'

const filters = {
  q: optionalField(textField.transform(plainName).pipe(z.string().max(200, odd))),
  status: optionalField(z.enum(['invited', 'active', 'inactive', 'blocked'], odd)),
  team: optionalField(z.uuid(odd)),
  role: optionalField(z.uuid(odd)),
  verified: optionalField(z.enum(['yes', 'no'], odd)),
} satisfies Record<FilterName, z.ZodType>

/**
 * Whom a deed for many is for: those who are ticked, or all that match the filters of a list. Here a filter that cannot
 * be read is refused: taken as if it were not there, as a list does, it would reach more people than were meant.
 */
const fields = {
  ids: z.preprocess(asList, z.array(z.uuid(odd).toLowerCase())),
  all: checkbox,
  /** The list they were chosen on: fieldworkers alone, or everybody. */
  list: z.enum(['fieldworkers', 'users']).catch('fieldworkers'),
  ...filters,
}
export const Selection = z.object(fields).refine(({ ids, all }) => all || ids.length > 0, {
  path: ['ids'],
  error: 'Tick the people first, or choose all that match.',
})
export type Selection = z.output<typeof Selection>

/** Reads whom a form is for. `alsoSent` names its other fields: where all are meant, a filter nobody knows is refused. */
export function readSelection(
  sent: Record<string, unknown>,
  ...alsoSent: readonly string[]
): Result<Selection> {
  const known = new Set([...Object.keys(fields), ...alsoSent, '_csrf'])
  const strange = Object.keys(sent).find((name) => !known.has(name))
  return sent.all !== undefined && strange ? invalid({ [strange]: odd }) : parseForm(Selection, sent)
}

/** The people themselves, as they match just now. Whether anything may be done to them is for the deed to ask. */
export async function selectedIds(db: Queryable, actor: Actor, chosen: Selection): Promise<string[]> {
  const { ids, all, list, ...filter } = chosen
  if (!all) return [...new Set(ids)]
  const kind = list === 'fieldworkers' ? 'fieldworker' : undefined
  return selectMatchingIds(db, actor, { ...filter, kind })
}

const paths = { fieldworkers: '/fieldworkers', users: '/settings/company/users' }

/** The list that they were chosen on, with its filters. */
export function listOf({ list, ...filter }: Pick<Selection, 'list'> & PeopleFilter): string {
  return listAddress(paths[list], filter, {})
}

/** The same choice as the fields of a form, so that a page which asks once more can send it on. */
export function fieldsOf({ ids, all, ...rest }: Selection): [string, string][] {
  const audience = all ? [['all', '1']] : ids.map((id) => ['ids', id])
  const others = Object.entries(rest).filter(([, value]) => value)
  return [...audience, ...others] as [string, string][]
}
