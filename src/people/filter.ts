import { z } from 'zod'
import { plainName } from '../platform/clean-pasted.ts'

const word = z
  .string()
  .max(200)
  .refine((value) => !value.includes('\0'))
  .optional()
  .catch(undefined)
const oneOf = <const Choices extends [string, ...string[]]>(choices: Choices) =>
  z.enum(choices).optional().catch(undefined)

/** What the address of a list of people may hold; anything odd is as if it were not there. */
export const PeopleQuery = z.object({
  q: word.transform((value) => plainName(value ?? '') || undefined),
  status: oneOf(['invited', 'active', 'inactive', 'blocked']),
  team: z.uuid().optional().catch(undefined),
  role: z.uuid().optional().catch(undefined),
  verified: oneOf(['yes', 'no']),
  after: z.uuid().optional().catch(undefined),
})

/** What narrows a list, as opposed to where a page of it begins. */
export type FilterName = Exclude<keyof z.output<typeof PeopleQuery>, 'after'>

export type PeopleFilter = Partial<z.output<typeof PeopleQuery>> & { kind?: 'office' | 'fieldworker' }

/** The address of the list with some filters changed; a change of filter starts at the first page. */
export function listAddress(
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
