import { createHash } from 'node:crypto'
import type { UserRow } from '../queries.ts'

export interface Details {
  name: string
  email: string
  phone: string | null
  teamId: string | null
}

export const detailsOf = ({ name, email, phone, team_id }: UserRow): Details => ({
  ...{ name, email, phone, teamId: team_id },
})

/** What a form was filled from, so that nobody saves over what somebody else changed meanwhile without seeing it. */
export const markOf = ({ name, email, phone, teamId }: Details): string =>
  createHash('sha256')
    .update(JSON.stringify([name, email, phone, teamId]))
    .digest('base64url')
