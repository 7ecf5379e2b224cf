import { longestAddress } from '../../platform/email-address.ts'
import { reasonText, type Reason } from '../../platform/reason.ts'
import { NewPersonForm } from '../manage/forms.ts'

/** Why an import stopped, or is tried again. */
export const stopTexts = {
  starter_not_active: 'The person who started it can no longer sign in. No one was imported',
  starter_not_allowed: 'The person who started it may no longer import people. No one was imported',
  team_not_allowed: 'The person who started it no longer has access to the team {team}. No one was imported',
  teamless_not_allowed:
    'The person who started it no longer has access to people without a team. No one was imported',
  team_deleted: 'A team of the file no longer exists. No one was imported',
  addresses_taken:
    'Since the file was checked, other accounts have taken these addresses: {addresses}. Upload the file again. No one was imported',
  more_addresses_taken:
    'Since the file was checked, other accounts have taken these addresses: {addresses} and {more} more. Upload the file again. No one was imported',
  retrying: 'It failed with an internal error and is tried again. No one is imported yet',
  internal_error: 'It failed repeatedly with an internal error. No one was imported',
  other: '{text}',
} as const
export type StopReason = Reason<typeof stopTexts>

/** The message of an import that stopped. */
export const describeStop = (reason: StopReason): string => `${reasonText(stopTexts, reason)}.`

/** What is wrong with a row. `invalid` has the message of the form for the cell of the row. */
export const problemTexts = {
  too_many_cells:
    'It has more cells than the header has columns. A cell that contains a comma needs quotation marks around it',
  not_utf8: 'It contains characters that are not UTF-8. Save the file as “CSV UTF-8”',
  name_missing: 'The name is missing',
  address_missing: 'The address is missing',
  not_a_character: 'The {field} contains a character that is not allowed',
  address_too_long: `An address has at most ${longestAddress} characters`,
  invalid: 'The {field} is not valid',
  address_twice: 'The address is in the file twice: also on line {line}',
  address_taken: 'Another account has this address',
  unknown_team: 'There is no team “{team}”',
  team_created: 'Someone created the team “{team}” after the file was checked. Upload the file again',
  changed_meanwhile: 'Someone changed this person after the file was checked. Upload the file again',
  not_allowed: 'You don’t have access to this team',
  other: '{text}',
} as const
export type Problem = Reason<typeof problemTexts>

/** Something to check in a row, though it is valid. */
export const warningTexts = {
  phone_lost:
    'A spreadsheet turned the phone into {phone}, so it is left out. Format that column as text and enter it again, or add it later',
  phone_without_prefix:
    'The phone {phone} may have lost its 0 or + in a spreadsheet. If so, format that column as text and enter it again',
  other: '{text}',
} as const
export type Warning = Reason<typeof warningTexts>

/** A valid row with the sentence of its warning. */
export const toWarnedView = <Row extends { warning: Warning }>(row: Row) => ({
  ...row,
  warning: reasonText(warningTexts, row.warning),
})

interface Cells {
  name: string
  email: string
  phone: string | null
}

/** All problems of a row, for its reader. */
export const describeProblems = (problems: Problem[], cells: Cells): string =>
  problems.map((problem) => describeProblem(problem, cells)).join('. ')

function describeProblem(problem: Problem, { name, email, phone }: Cells): string {
  const form = problem.code === 'invalid' && NewPersonForm.safeParse({ name, email, phone: phone ?? '' })
  const issue =
    form && form.error?.issues.find(({ path }) => path[0] === (problem as { field: string }).field)
  return issue ? issue.message.replace(/\.$/, '') : reasonText(problemTexts, problem)
}
