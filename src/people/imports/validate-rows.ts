import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { longestAddress, plainAddress } from '../../platform/email-address.ts'
import { plainName } from '../../platform/clean-pasted.ts'
import { TeamForm } from '../../settings/forms.ts'
import { NewPersonForm } from '../manage/forms.ts'
import type { RoleRow } from '../manage/queries.ts'
import type { Team } from '../queries.ts'
import type { Cells, FileRow } from './parse-csv.ts'
import { findUpdate, type Changeable, type Known } from './offers/find-update.ts'
import type { Problem, Warning } from './reason-texts.ts'

/** A row of a file after validation: a person to create, or its problems. */
export interface ValidatedRow {
  line: number
  name: string
  email: string
  phone: string | null
  team: string
  teamId: string | null
  /** The team that does not exist yet: if it is created, the row is valid. */
  newTeam: string | null
  /** The person to update instead, and their details as stored. */
  userId: string | null
  stored: Changeable | null
  problems: Problem[] | null
  /** Something to check, though the row is valid. */
  warning: Warning | null
}

interface Context {
  actor: Actor
  role: RoleRow
  teams: Team[]
  /** The email addresses of the file that other accounts have. */
  taken: Set<string>
  /** Of these, the people who the actor may edit. */
  known: Map<string, Known>
}

/** Validates every row of a file. It yields to the event loop after every 500 rows. */
export async function validateRows(rows: FileRow[], context: Context): Promise<ValidatedRow[]> {
  const validateRow = rowValidator(context)
  const validated: ValidatedRow[] = []
  for (const row of rows) {
    validated.push(validateRow(row))
    if (validated.length % 500 === 0) await setImmediate()
  }
  return validated
}

function rowValidator({ actor, role, teams, taken, known }: Context) {
  const byName = new Map(teams.map((team) => [team.name.toLowerCase(), team]))
  const seen = new Map<string, number>()
  const newTeams = new Map<string, string>()

  return ({ line, cells }: FileRow): ValidatedRow => {
    if (!cells) return invalidRow({ line }, [{ code: 'too_many_cells' }])
    const row = { line, ...cells, teamId: null }
    const problems: Problem[] = Object.values(cells).some((cell) => cell.includes('\ufffd'))
      ? [{ code: 'not_utf8' }]
      : []
    const isPhoneLost = isScientific(cells.phone)
    const form = NewPersonForm.safeParse({ ...cells, phone: isPhoneLost ? '' : cells.phone, teamId: null })
    if (!form.success) problems.push(...problemsOf(cells, form.error.issues))
    const email = plainAddress(cells.email)
    const before = seen.get(email)
    if (email && before !== undefined) problems.push({ code: 'address_twice', line: before })
    else if (email) seen.set(email, line)
    if (taken.has(email)) problems.push({ code: 'address_taken' })
    const team = byName.get(plainName(cells.team).toLowerCase())
    if (cells.team && !team) problems.push({ code: 'unknown_team', team: storable(cells.team).slice(0, 80) })
    const teamId = team?.id ?? (actor.role.scope === 'team' ? actor.teamId : null)
    if (!form.success) return invalidRow(row, problems)
    const { name, phone = null } = form.data
    const isAllowed = can(actor, 'users.manage', { id: '', name, email, teamId, role })
    const warning: Warning | null = isPhoneLost
      ? { code: 'phone_lost', phone: cells.phone.slice(0, 40) }
      : phone && hasNoPrefix(phone)
        ? { code: 'phone_without_prefix', phone }
        : null
    const valid = { ...noOffer, line, name, email, phone, team: team?.name ?? '', teamId, warning }
    if (problems.length === 0)
      return isAllowed ? { ...valid, problems: null } : invalidRow(row, [{ code: 'not_allowed' }])
    const codes = problems.map(({ code }) => code)
    if (codes.some((code) => code !== 'unknown_team' && code !== 'address_taken'))
      return invalidRow(row, problems)
    const isNew = codes.includes('unknown_team')
    const newTeam = isNew && actor.role.scope === 'company' ? newTeamOf(cells, newTeams) : null
    if (isNew && newTeam === null) return invalidRow(row, problems)
    if (!codes.includes('address_taken'))
      return isAllowed ? { ...valid, team: newTeam ?? '', newTeam, problems } : invalidRow(row, problems)
    const person = known.get(email)
    const update = person && findUpdate(actor, person, { name, phone, team: team ?? null, newTeam })
    if (!update) return invalidRow(row, problems)
    const { after, ...rest } = update
    return { ...valid, ...rest, ...after, team: after.team ?? '', newTeam, problems }
  }
}

/** The team to create, as its first row spells it. */
function newTeamOf({ team }: Cells, newTeams: Map<string, string>): string | null {
  const form = TeamForm.safeParse({ name: team })
  if (!form.success) return null
  const key = form.data.name.toLowerCase()
  if (!newTeams.has(key)) newTeams.set(key, form.data.name)
  return newTeams.get(key) ?? null
}

const noOffer = { newTeam: null, userId: null, stored: null }

/** How a spreadsheet may rewrite a long number. */
const isScientific = (cell: string) => /^\d([.,]\d+)?e\+?\d+$/i.test(cell)

/** Only digits, without a leading 0. */
const hasNoPrefix = (phone: string) => /^[1-9]\d{6,13}([.,]0+)?$/.test(phone)

/** The problems of a row, one for each field. */
function problemsOf(cells: Cells, issues: { path: PropertyKey[] }[]): Problem[] {
  const fields = new Set(issues.map(({ path }) => String(path[0])))
  return [...fields].map((field) => {
    const cell = cells[field as keyof Cells] ?? ''
    if (field === 'name' && plainName(cell) === '') return { code: 'name_missing' }
    if (field === 'email' && plainAddress(cell) === '') return { code: 'address_missing' }
    if (cell.includes('\0')) return { code: 'not_a_character', field }
    const isLong = field === 'email' && plainAddress(cell).length > longestAddress
    return isLong ? { code: 'address_too_long' } : { code: 'invalid', field }
  })
}

/** An invalid row is stored as far as the database can hold it, so that the page can show it. */
function invalidRow(row: { line: number } & Partial<ValidatedRow>, problems: Problem[]): ValidatedRow {
  return {
    line: row.line,
    teamId: null,
    ...noOffer,
    problems,
    warning: null,
    name: storable(row.name),
    email: storable(row.email),
    phone: storable(row.phone),
    team: storable(row.team),
  }
}

const storable = (cell?: string | null) => (cell ?? '').replaceAll('\0', '\u2400').slice(0, 200)
