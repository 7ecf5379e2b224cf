import { z } from 'zod'
import type { UserRow } from '../queries.ts'

const Details = z.object({
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  teamId: z.string().nullable(),
})
export type Details = z.output<typeof Details>

export const detailsOf = ({ name, email, phone, team_id }: UserRow): Details => ({
  ...{ name, email, phone, teamId: team_id },
})

/** What a form was filled from, so that nobody saves over what somebody else changed meanwhile without seeing it. */
export const versionToken = ({ name, email, phone, teamId }: Details): string =>
  Buffer.from(JSON.stringify({ name, email, phone, teamId })).toString('base64url')

/** The details of a mark; none where it is not one of ours. */
export function parseVersionToken(mark: string): Details | null {
  try {
    return Details.parse(JSON.parse(Buffer.from(mark, 'base64url').toString()))
  } catch {
    return null
  }
}

/**
 * What a form shows after somebody else has saved: what is stored now, but what was typed in the fields that were changed
 * in it, so that saving again takes back nothing that its sender never touched.
 */
export function mergeTyped(filled: Details | null, stored: Details, typed: Record<string, unknown>) {
  const fields = Object.keys(stored) as (keyof Details)[]
  const touched = fields.filter(
    (field) => typeof typed[field] === 'string' && typed[field] !== (filled?.[field] ?? ''),
  )
  return { ...stored, ...Object.fromEntries(touched.map((field) => [field, typed[field]])) }
}
