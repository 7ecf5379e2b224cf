import { withoutInvisible } from '../../platform/clean-pasted.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'

export type Column = 'name' | 'first name' | 'last name' | 'email' | 'phone' | 'team' | 'language'

/** Names of the columns in real files, without case, spaces and punctuation. */
const columnNames: Record<Column, string> = {
  name: 'name fullname displayname completename employee employeename worker workername fieldworker fieldworkername person personname staff staffname staffmember technician technicianname member membername contactname user usersname',
  'first name': 'firstname first givenname given forename fname christianname',
  'last name': 'lastname last surname familyname family lname secondname',
  email:
    'email mail emailaddress mailaddress emailaddresses emails emailid workemail workmail workemailaddress companyemail businessemail primaryemail primaryemailaddress personalemail useremail employeeemail contactemail email1 email1value emailwork eaddress',
  phone:
    'phone phonenumber phoneno phonenr telephone telephonenumber telephoneno telephonenr tel telno telnumber mobile mobilephone mobilephonenumber mobilenumber mobileno mobilenr mobiletelephone mob cell cellphone cellphonenumber cellnumber cellular contactnumber contactphone workphone workmobile workphonenumber businessphone primaryphone phone1 phone1value handset',
  team: 'team teamname crew crewname branch branchname group groupname squad squadname depot depotname gang workgroup',
  language: 'language lang languages locale preferredlanguage languagecode',
}
/** These mean the team if no other column does. */
const fallbackTeamNames = 'department departmentname dept division unit site region location office'

const meanings = new Map(
  (Object.entries(columnNames) as [Column, string][]).flatMap(([column, names]) =>
    names.split(' ').map((name) => [name, column] as const),
  ),
)

const maxColumns = 200

export interface Header {
  /** What each cell of a row means, or undefined if it is not used. */
  columns: (Column | undefined)[]
  names: string[]
}

/** Reads the meaning of each column from the first line, in any order. */
export function readHeader(cells: string[]): Result<Header> {
  if (cells.length > maxColumns) return invalid({ file: `The file has more than ${maxColumns} columns.` })
  const names = cells.map((cell) => withoutInvisible(cell.replace(/\s+/g, ' ')))
  const plain = names.map((name) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  )
  const columns = plain.map((name) => meanings.get(name))
  if (!columns.includes('team')) {
    const at = plain.findIndex((name) => fallbackTeamNames.split(' ').includes(name))
    if (at >= 0) columns[at] = 'team'
  }
  if (columns.includes('name') && columns.includes('first name') && columns.includes('last name'))
    for (const part of ['first name', 'last name'] as const) columns[columns.indexOf(part)] = undefined
  const error = duplicate(columns, names) ?? ambiguousName(columns, names) ?? missing(columns, names)
  return error ? invalid({ file: error }) : ok({ columns, names })
}

function duplicate(columns: Header['columns'], names: string[]): string | undefined {
  for (const column of Object.keys(columnNames) as Column[]) {
    const same = names.filter((_, i) => columns[i] === column)
    if (same.length > 1)
      return `${same.length} columns contain the ${column}: ${quoted(same)}. Keep one, or give the other a name such as “notes”.`
  }
  return undefined
}

/** Next to a first name, “name” is usually the last name, but not always. */
function ambiguousName(columns: Header['columns'], names: string[]): string | undefined {
  const part = (['first name', 'last name'] as const).find((column) => columns.includes(column))
  if (!part || !columns.includes('name')) return undefined
  const [whole, half] = [names[columns.indexOf('name')] ?? '', names[columns.indexOf(part)] ?? '']
  const other = part === 'first name' ? 'last name' : 'first name'
  return `“${whole}” and “${half}” both hold names. Call “${whole}” “full name” and delete “${half}”, or call “${whole}” “${other}”.`
}

function missing(columns: Header['columns'], names: string[]): string | undefined {
  const hasName = (['name', 'first name', 'last name'] as const).some((column) => columns.includes(column))
  const absent = [!hasName && 'name', !columns.includes('email') && 'email'].filter(Boolean)
  if (absent.length === 0) return undefined
  const person = names.some((name) => name.includes('@'))
    ? 'It seems to contain a person: add a line with the column names above it.'
    : `It has no column for the ${absent.join(' and none for the ')}: ${quoted(names.filter(Boolean)) || 'it is empty'}.`
  return `The first line must name the columns: name and email, and phone and team if you have them. ${person}`
}

export const quoted = (names: string[]): string => {
  const shown = names.slice(0, 12).map((name) => `“${name.slice(0, 60)}”`)
  return [...shown, ...(names.length > shown.length ? [`${names.length - shown.length} more`] : [])].join(
    ', ',
  )
}
