import { writtenAddress } from '../foundation/email-address.ts'
import { filterInWords } from './filter-words.ts'
import { kindInWords } from './kinds.ts'

export type Details = Record<string, unknown>

export const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const number = (value: unknown): string => Number(value ?? 0).toLocaleString('en')
export const counted = (count: unknown, one: string): string =>
  `${number(count)} ${Number(count) === 1 ? one : one.replace(/y$/, 'ie') + 's'}`
export const sentence = (value: unknown): string => (word(value) ? `${word(value).replace(/\.$/, '')}.` : '')

const places: Record<string, string> = {
  fieldworkers: 'from the fieldworker list',
  profile: 'from the profile',
  users: 'from the list of users',
}
const ways: Record<string, string> = {
  forced: 'in place of a temporary one',
  invitation: 'by an invitation',
  mobile: 'on the phone',
  reset_link: 'by a reset link',
}

/** "Temporary, from the fieldworker list. Signed out of 2 devices." */
export function howChanged({ method, temporary, expired, from, sessions_ended }: Details): string {
  const way = temporary ? 'temporary' : expired ? 'in place of an expired one' : ways[word(method)]
  const told = [way, places[word(from)]].filter(Boolean).join(', ')
  const ended = Number(sessions_ended ?? 0) > 0 ? `Signed out of ${counted(sessions_ended, 'device')}.` : ''
  return [told && `${told[0]?.toUpperCase()}${told.slice(1)}.`, ended].filter(Boolean).join(' ')
}

/** "After 12 minutes. The time was up." */
export function howLong({ minutes, why }: Details): string {
  const after = Number(minutes) < 1 ? 'After less than a minute.' : `After ${counted(minutes, 'minute')}.`
  return [after, sentence(why)].filter(Boolean).join(' ')
}

export function beforeAndAfter({ before, after, reason }: Details): string {
  if (before === undefined && after === undefined) return ''
  if (word(reason)) return `${beforeAndAfter({ before, after })} Reason: “${word(reason)}”.`
  return word(before) ? `From ${word(before)} to ${word(after) || 'nothing'}.` : `Now ${word(after)}.`
}

export function whatOfRole({ before, after }: Details): string {
  if (after === null) return 'deleted'
  return before === null ? 'made' : 'changed the permissions of'
}

export function roleDetail(details: Details): string {
  const renamed = word(details.renamed_from) && `It was called ${word(details.renamed_from)}.`
  return [beforeAndAfter(details), renamed].filter(Boolean).join(' ')
}
const toMany = (people: unknown): string =>
  Number(people) === 1 ? 'to 1 person' : `to ${number(people)} people`

export const campaignBegan = ({ name, people }: Details): string =>
  [word(name), people === undefined ? '' : toMany(people)].filter(Boolean).join(', ')

export function campaignEnded({ name, changed, opened, sent, failed, left_out }: Details): string {
  const parts = Object.entries({ changed, opened, sent, failed, 'left out': left_out })
  const counts = parts.map(([what, count]) => `${number(count)} ${what}`).join(', ')
  return changed === undefined ? word(name) : `${word(name)}: ${counts}.`
}

/** What became of a thing: before it there was none, or after it there is none. */
export const madeOrChanged = ({ before, after }: Details): string =>
  before === null ? 'made' : after === null ? 'deleted' : 'changed'

export function exported({ format, complete, filter, team }: Details): string {
  const what = format === 'evidence' ? 'as an evidence pack' : 'as CSV'
  const asked =
    filterInWords((filter ?? {}) as Record<string, string>) || (team ? 'All entries' : 'The whole log')
  const reach = word(team) && ` of the team ${word(team)}`
  return `${asked}${reach}, ${what}.${complete === false ? ' The download broke off.' : ''}`
}

export const undelivered = ({ template, answer }: Details): string =>
  [word(template) && kindInWords(word(template)), word(answer)].filter(Boolean).join(': ')

export function whichRun({ automation, fault }: Details): string {
  if (automation === 'activity_retention') return 'The oldest month of the activity log was removed'
  if (automation !== 'activity_check')
    return `${word(automation)}: ${fault ? 'a run broke off' : 'a run ended'}`
  return fault
    ? 'The activity log was checked and found broken'
    : 'The activity log was checked: nothing was changed'
}

export function whatRan(details: Details): string {
  const { automation, entries, fault, head_seq, month, removed } = details
  if (automation === 'activity_retention') return `${word(month)}: ${counted(removed, 'entry')}.`
  if (automation !== 'activity_check') return whatAutomationDid(details)
  return fault ? sentence(fault) : `${counted(entries, 'entry')}, the last is number ${number(head_seq)}.`
}

/** "12 people emailed. 3 are left for another day. It acted for Dana Admin." */
function whatAutomationDid({ people, did, left_over, fault, acts_for }: Details): string {
  if (people === undefined) return ''
  const whom = Number(people) === 1 ? '1 person' : `${number(people)} people`
  const left = Number(left_over ?? 0) > 0 ? `${number(left_over)} left for another day.` : ''
  return [`${whom} ${word(did)}.`, left, sentence(fault), `It acted for ${word(acts_for)}.`]
    .filter(Boolean)
    .join(' ')
}

const fields = ['email', 'name', 'phone', 'team'] as const
const changedOf = (details: Details) => fields.filter((field) => `${field}_after` in details)

/** The one field that was changed, by its name, or all of several. */
export function whatChanged(details: Details): string {
  const [field, more] = changedOf(details)
  return field && !more ? field : 'details'
}

/** "Email from … to …. Team from North to none." */
export const fieldsChanged = (details: Details): string =>
  changedOf(details)
    .map((field) => fromTo(field, details[`${field}_before`], details[`${field}_after`]))
    .join(' ')

const fromTo = (field: string, before: unknown, after: unknown): string => {
  const change = `from ${writtenAddress(word(before)) || 'none'} to ${writtenAddress(word(after)) || 'none'}.`
  return `${field[0]?.toUpperCase()}${field.slice(1)} ${change}`
}

/** "From Dispatcher to Admin. Team from North to none." */
export function roleGiven({ before, after, team_before, team_after }: Details): string {
  const role = before === after ? '' : beforeAndAfter({ before, after })
  const team = word(team_before) === word(team_after) ? '' : fromTo('team', team_before, team_after)
  return [role, team].filter(Boolean).join(' ')
}
