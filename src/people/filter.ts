import { z } from 'zod'
import { plainName } from '../platform/clean-pasted.ts'
import type { Queryable } from '../platform/db.ts'

const text = z
  .string()
  .max(200)
  .refine((value) => !value.includes('\0'))
  .optional()
  .catch(undefined)
const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices).optional().catch(undefined)

export const states = ['temporary', 'locked', 'never_signed_in', 'unverified', 'no_second_step'] as const
export type State = (typeof states)[number]

const orders = ['name', 'last_sign_in', 'password_changed'] as const
export type Order = (typeof orders)[number]
/** The order of a list; with `-` before it, backwards. */
export const sorts = [
  ...orders,
  ...orders.map(<Name extends Order>(order: Name) => `-${order}` as const),
] as const
export type Sort = (typeof sorts)[number]

/** The query of a list of people. Invalid values are ignored. */
export const PeopleQuery = z.object({
  q: text.transform((value) => plainName(value ?? '') || undefined),
  status: oneOf(['invited', 'active', 'inactive', 'blocked']),
  state: oneOf(states),
  team: z.uuid().optional().catch(undefined),
  role: z.uuid().optional().catch(undefined),
  verified: oneOf(['yes', 'no']),
  sort: oneOf(sorts),
  after: z.uuid().optional().catch(undefined),
})

/** The filters and the order of a list, without the start of the page. */
export type FilterName = Exclude<keyof z.output<typeof PeopleQuery>, 'after'>

export type PeopleFilter = Partial<z.output<typeof PeopleQuery>> & {
  kind?: 'office' | 'fieldworker'
  /** Who is locked out at the moment, for `state` = `locked`: without them nobody matches. */
  lockedIds?: string[]
}

/** Finds the people who must wait after wrong passwords. A later module does it, and passes it to the code that reads a list. */
export type FindLocked = (db: Queryable) => Promise<string[]>

/** The filter for the database: with the people who are locked out, if it asks for them. */
export const resolveLocked = async <Filter extends PeopleFilter>(
  db: Queryable,
  filter: Filter,
  findLocked: FindLocked,
): Promise<Filter> => (filter.state === 'locked' ? { ...filter, lockedIds: await findLocked(db) } : filter)

const fieldsOf = ({ q, status, state, team, role, verified, sort }: PeopleFilter) => ({
  q,
  status,
  state,
  team,
  role,
  verified,
  sort,
})

/** The names and values of a filter, as an address and a form carry them. */
export const filterFields = (filter: PeopleFilter): [FilterName, string][] =>
  Object.entries(fieldsOf(filter)).filter(([, value]) => value) as [FilterName, string][]

/** The URL of the list with some filters changed. It starts at the first page. */
export function listUrl(
  path: string,
  filter: PeopleFilter,
  changes: Partial<Record<string, string>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...fieldsOf(filter), ...changes }))
    if (value) query.set(name, value)
  return query.size ? `${path}?${query.toString()}` : path
}
