import { z } from 'zod'
import { plainName } from '../platform/clean-pasted.ts'

const text = z
  .string()
  .max(200)
  .refine((value) => !value.includes('\0'))
  .optional()
  .catch(undefined)
const oneOf = <const Choices extends [string, ...string[]]>(choices: Choices) =>
  z.enum(choices).optional().catch(undefined)

/** The query of a list of people. Invalid values are ignored. */
export const PeopleQuery = z.object({
  q: text.transform((value) => plainName(value ?? '') || undefined),
  status: oneOf(['invited', 'active', 'inactive', 'blocked']),
  team: z.uuid().optional().catch(undefined),
  role: z.uuid().optional().catch(undefined),
  verified: oneOf(['yes', 'no']),
  after: z.uuid().optional().catch(undefined),
})

/** The filters of a list, without the start of the page. */
export type FilterName = Exclude<keyof z.output<typeof PeopleQuery>, 'after'>

export type PeopleFilter = Partial<z.output<typeof PeopleQuery>> & { kind?: 'office' | 'fieldworker' }

/** The URL of the list with some filters changed. It starts at the first page. */
export function listUrl(
  path: string,
  filter: PeopleFilter,
  changes: Partial<Record<string, string>>,
): string {
  const { q, status, team, role, verified } = filter
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ q, status, team, role, verified, ...changes }))
    if (value) query.set(name, value)
  return query.size ? `${path}?${query.toString()}` : path
}
