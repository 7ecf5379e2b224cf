import type { Fields } from '../../platform/web/form.ts'
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
  name,
  email,
  phone,
  teamId: team_id,
})

/** The fields of the form: as stored, or as typed. */
export type EditedFields = Record<keyof Details, Fields[string] | null>

/** The details that a form was opened with, to detect changes that others saved meanwhile. */
export const versionToken = ({ name, email, phone, teamId }: Details): string =>
  Buffer.from(JSON.stringify({ name, email, phone, teamId })).toString('base64url')

/** The details of a token; null if it is not valid. */
export function parseVersionToken(token: string): Details | null {
  try {
    return Details.parse(JSON.parse(Buffer.from(token, 'base64url').toString()))
  } catch {
    return null
  }
}

/**
 * The values of a form after someone else has saved: what is stored now, and what was typed in the fields that this person
 * changed. Saving again then does not undo changes of others in other fields.
 */
export function mergeTyped(filled: Details | null, stored: Details, typed: Fields): EditedFields {
  const fields = Object.keys(stored) as (keyof Details)[]
  const touched = fields.filter(
    (field) => typeof typed[field] === 'string' && typed[field] !== (filled?.[field] ?? ''),
  )
  return { ...stored, ...Object.fromEntries(touched.map((field) => [field, typed[field]])) }
}
