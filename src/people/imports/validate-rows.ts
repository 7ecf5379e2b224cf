import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { plainAddress } from '../../platform/email-address.ts'
import { plainName } from '../../platform/clean-pasted.ts'
import { NewPersonForm } from '../manage/forms.ts'
import type { RoleRow } from '../manage/queries.ts'
import type { Team } from '../queries.ts'
import type { Cells, FileRow } from './parse-csv.ts'

/** A row of a file with what became of it: a person to be, or the reason why not. */
export interface ValidatedRow {
  line: number
  name: string
  email: string
  phone: string | null
  team: string
  teamId: string | null
  problem: string | null
  /** What should be looked at, though nothing is wrong. */
  warning: string | null
}

interface Context {
  actor: Actor
  role: RoleRow
  teams: Team[]
  /** Those of the file's addresses that accounts have already. */
  taken: Set<string>
}

/** Judges every row of a file. Between some rows other people's requests get their turn. */
export async function validateRows(rows: FileRow[], beside: Context): Promise<ValidatedRow[]> {
  const judge = validateFor(beside)
  const judged: ValidatedRow[] = []
  for (const row of rows) {
    judged.push(judge(row))
    if (judged.length % 500 === 0) await setImmediate()
  }
  return judged
}

function validateFor({ actor, role, teams, taken }: Context) {
  const byName = new Map(teams.map((team) => [team.name.toLowerCase(), team]))
  const seen = new Map<string, number>()

  return ({ line, cells }: FileRow): ValidatedRow => {
    if (!cells) return invalidRow({ line }, [moreCells])
    const row = { line, ...cells, teamId: null }
    const problems: string[] = Object.values(cells).some((cell) => cell.includes('\ufffd'))
      ? [brokenLetters]
      : []
    const lost = isScientific(cells.phone)
    const form = NewPersonForm.safeParse({ ...cells, phone: lost ? '' : cells.phone, teamId: null })
    if (!form.success) problems.push(...inWords(cells, form.error.issues))
    const email = plainAddress(cells.email)
    const before = seen.get(email)
    if (email && before !== undefined)
      problems.push(`The address stands in the file twice: also on line ${before}`)
    else if (email) seen.set(email, line)
    if (taken.has(email)) problems.push('Another account has this address')
    const team = byName.get(plainName(cells.team).toLowerCase())
    if (cells.team && !team) problems.push(`There is no team “${cells.team.slice(0, 80)}”`)
    const teamId = team?.id ?? (actor.role.scope === 'team' ? actor.teamId : null)
    if (problems.length > 0 || !form.success) return invalidRow(row, problems)
    const { name, phone = null } = form.data
    if (!can(actor, 'users.manage', { id: '', name, email, teamId, role }))
      return invalidRow(row, ['The team is beyond your reach'])
    const warning = lost ? madeScientific(cells.phone) : phone && isBare(phone) ? lostItsZero(phone) : null
    return { line, name, email, phone, team: team?.name ?? '', teamId, problem: null, warning }
  }
}

const moreCells =
  'It has more cells than the header has columns. A cell that holds a comma needs quotation marks around it'
const brokenLetters = 'It holds letters that are not UTF-8. Save the file as “CSV UTF-8”'

/** What a spreadsheet makes of a long number. */
const isScientific = (cell: string) => /^\d([.,]\d+)?e\+?\d+$/i.test(cell)
const madeScientific = (cell: string) =>
  `A spreadsheet turned the phone into ${cell.slice(0, 40)}, so it is left out. Format that column as text and type it again, or add it later`

/** Digits alone, none of them a 0 in front. */
const isBare = (phone: string) => /^[1-9]\d{6,13}([.,]0+)?$/.test(phone)
const lostItsZero = (phone: string) =>
  `The phone ${phone} may have lost its 0 or + in a spreadsheet. If so, format that column as text and type it again`

/** Every fault of a row at once, one for each field. */
function inWords(cells: Cells, issues: { path: PropertyKey[]; message: string }[]): string[] {
  const first = new Map(issues.toReversed().map((issue) => [String(issue.path[0]), issue.message]))
  return [...first.keys()].toReversed().map((field) => {
    const cell = cells[field as keyof Cells] ?? ''
    if (field === 'name' && plainName(cell) === '') return 'The name is missing'
    if (field === 'email' && plainAddress(cell) === '') return 'The address is missing'
    if (cell.includes('\0')) return `The ${field} holds a character that cannot be typed`
    return (first.get(field) ?? '').replace(/\.$/, '')
  })
}

/** What is wrong is kept as far as the database can hold it, so that it can be told. */
function invalidRow(row: { line: number } & Partial<ValidatedRow>, problems: string[]): ValidatedRow {
  const kept = (cell?: string | null) => (cell ?? '').replaceAll('\0', '\u2400').slice(0, 200)
  return {
    ...{ line: row.line, teamId: null, problem: problems.join('. '), warning: null },
    ...{ name: kept(row.name), email: kept(row.email), phone: kept(row.phone), team: kept(row.team) },
  }
}
