import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { plainAddress } from '../../platform/email-address.ts'
import { plainName } from '../../platform/clean-pasted.ts'
import { NewPersonForm } from '../manage/forms.ts'
import type { RoleRow } from '../manage/queries.ts'
import type { Team } from '../queries.ts'
import type { Cells, FileRow } from './parse-csv.ts'

/** A row of a file after validation: a person to create, or a problem. */
export interface ValidatedRow {
  line: number
  name: string
  email: string
  phone: string | null
  team: string
  teamId: string | null
  problem: string | null
  /** Something to check, though the row is valid. */
  warning: string | null
}

interface Context {
  actor: Actor
  role: RoleRow
  teams: Team[]
  /** The email addresses of the file that other accounts have. */
  taken: Set<string>
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

function rowValidator({ actor, role, teams, taken }: Context) {
  const byName = new Map(teams.map((team) => [team.name.toLowerCase(), team]))
  const seen = new Map<string, number>()

  return ({ line, cells }: FileRow): ValidatedRow => {
    if (!cells) return invalidRow({ line }, [moreCells])
    const row = { line, ...cells, teamId: null }
    const problems: string[] = Object.values(cells).some((cell) => cell.includes('\ufffd'))
      ? [invalidCharacters]
      : []
    const isPhoneLost = isScientific(cells.phone)
    const form = NewPersonForm.safeParse({ ...cells, phone: isPhoneLost ? '' : cells.phone, teamId: null })
    if (!form.success) problems.push(...problemsOf(cells, form.error.issues))
    const email = plainAddress(cells.email)
    const before = seen.get(email)
    if (email && before !== undefined)
      problems.push(`The address is in the file twice: also on line ${before}`)
    else if (email) seen.set(email, line)
    if (taken.has(email)) problems.push('Another account has this address')
    const team = byName.get(plainName(cells.team).toLowerCase())
    if (cells.team && !team) problems.push(`There is no team “${cells.team.slice(0, 80)}”`)
    const teamId = team?.id ?? (actor.role.scope === 'team' ? actor.teamId : null)
    if (problems.length > 0 || !form.success) return invalidRow(row, problems)
    const { name, phone = null } = form.data
    if (!can(actor, 'users.manage', { id: '', name, email, teamId, role }))
      return invalidRow(row, ['You don’t have access to this team'])
    const warning = isPhoneLost
      ? phoneLost(cells.phone)
      : phone && hasNoPrefix(phone)
        ? phoneWithoutPrefix(phone)
        : null
    return { line, name, email, phone, team: team?.name ?? '', teamId, problem: null, warning }
  }
}

const moreCells =
  'It has more cells than the header has columns. A cell that contains a comma needs quotation marks around it'
const invalidCharacters = 'It contains characters that are not UTF-8. Save the file as “CSV UTF-8”'

/** How a spreadsheet may rewrite a long number. */
const isScientific = (cell: string) => /^\d([.,]\d+)?e\+?\d+$/i.test(cell)
const phoneLost = (cell: string) =>
  `A spreadsheet turned the phone into ${cell.slice(0, 40)}, so it is left out. Format that column as text and enter it again, or add it later`

/** Only digits, without a leading 0. */
const hasNoPrefix = (phone: string) => /^[1-9]\d{6,13}([.,]0+)?$/.test(phone)
const phoneWithoutPrefix = (phone: string) =>
  `The phone ${phone} may have lost its 0 or + in a spreadsheet. If so, format that column as text and enter it again`

/** The problems of a row, one for each field. */
function problemsOf(cells: Cells, issues: { path: PropertyKey[]; message: string }[]): string[] {
  const first = new Map(issues.toReversed().map((issue) => [String(issue.path[0]), issue.message]))
  return [...first.keys()].toReversed().map((field) => {
    const cell = cells[field as keyof Cells] ?? ''
    if (field === 'name' && plainName(cell) === '') return 'The name is missing'
    if (field === 'email' && plainAddress(cell) === '') return 'The address is missing'
    if (cell.includes('\0')) return `The ${field} contains a character that is not allowed`
    return (first.get(field) ?? '').replace(/\.$/, '')
  })
}

/** An invalid row is stored as far as the database can hold it, so that the page can show it. */
function invalidRow(row: { line: number } & Partial<ValidatedRow>, problems: string[]): ValidatedRow {
  const storable = (cell?: string | null) => (cell ?? '').replaceAll('\0', '\u2400').slice(0, 200)
  return {
    line: row.line,
    teamId: null,
    problem: problems.join('. '),
    warning: null,
    name: storable(row.name),
    email: storable(row.email),
    phone: storable(row.phone),
    team: storable(row.team),
  }
}
