import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../access/actor.ts'
import { may } from '../access/may.ts'
import { NewPersonForm } from '../people/manage/forms.ts'
import type { RoleRow } from '../people/manage/queries.ts'
import type { Team } from '../people/queries.ts'
import { columns, type FileRow } from './read-file.ts'

/** A row of a file with what became of it: a person to be, or the reason why not. */
export interface JudgedRow {
  line: number
  name: string
  email: string
  phone: string | null
  team: string
  teamId: string | null
  problem: string | null
}

interface Beside {
  actor: Actor
  role: RoleRow
  teams: Team[]
  /** Those of the file's addresses that accounts have already. */
  taken: Set<string>
}

/** Judges every row of a file. Between some rows other people's requests get their turn. */
export async function judgeRows(rows: FileRow[], beside: Beside): Promise<JudgedRow[]> {
  const judge = judgeFor(beside)
  const judged: JudgedRow[] = []
  for (const row of rows) {
    judged.push(judge(row))
    if (judged.length % 500 === 0) await setImmediate()
  }
  return judged
}

function judgeFor({ actor, role, teams, taken }: Beside) {
  const byName = new Map(teams.map((team) => [team.name.toLowerCase(), team]))
  const seen = new Map<string, number>()

  return ({ line, cells, count }: FileRow): JudgedRow => {
    if (!cells)
      return bad({ line }, `It has ${count} of the ${columns.length} columns: name, email, phone, team`)
    const form = NewPersonForm.safeParse({ ...cells, teamId: null })
    const row = { line, ...cells, teamId: null }
    if (!form.success) return bad(row, inWords(cells, form.error.issues[0]))
    if (Object.values(cells).some((cell) => cell.includes('\ufffd')))
      return bad(row, 'It holds letters that are not UTF-8. Save the file as “CSV UTF-8”')
    const { name, email, phone = null } = form.data
    const before = seen.get(email)
    if (before !== undefined) return bad(row, `The address stands in the file twice: also on line ${before}`)
    seen.set(email, line)
    if (taken.has(email)) return bad(row, 'Another account has this address')
    const team = cells.team ? byName.get(cells.team.toLowerCase()) : undefined
    if (cells.team && !team) return bad(row, `There is no team “${cells.team.slice(0, 80)}”`)
    const teamId = team?.id ?? (actor.role.scope === 'team' ? actor.teamId : null)
    if (!may(actor, 'users.manage', { id: '', name, email, teamId, role }))
      return bad(row, 'The team is beyond your reach')
    return { line, name, email, phone, team: team?.name ?? '', teamId, problem: null }
  }
}

function inWords(cells: Record<string, string>, issue?: { path: PropertyKey[]; message: string }): string {
  const field = String(issue?.path[0])
  const cell = cells[field] ?? ''
  if (field === 'name' && cell === '') return 'The name is missing'
  if (field === 'email' && cell === '') return 'The address is missing'
  if (cell.includes('\0')) return `The ${field} holds a character that cannot be typed`
  return (issue?.message ?? '').replace(/\.$/, '')
}

/** What is wrong is kept as far as the database can hold it, so that it can be told. */
function bad(row: { line: number } & Partial<JudgedRow>, problem: string): JudgedRow {
  const kept = (cell?: string | null) => (cell ?? '').replaceAll('\0', '\u2400').slice(0, 200)
  return {
    ...{ line: row.line, teamId: null, problem },
    ...{ name: kept(row.name), email: kept(row.email), phone: kept(row.phone), team: kept(row.team) },
  }
}
