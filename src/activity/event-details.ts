import { writtenAddress } from '../platform/email-address.ts'
import { counted } from '../platform/counted.ts'
import { describeFilter } from './describe-filter.ts'
import { describeReason } from './describe-reason.ts'
import { eventLabel } from './event-label.ts'

export type Details = Record<string, unknown>

export const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const number = (value: unknown): string => Number(value ?? 0).toLocaleString('en')
export const countedDetail = (count: unknown, one: string): string => counted(Number(count ?? 0), one)
export const sentence = (value: unknown): string =>
  asText(value) ? `${asText(value).replace(/\.$/, '')}.` : ''

const places: Record<string, string> = {
  fieldworkers: 'from the fieldworker list',
  profile: 'from the profile',
  users: 'from the list of users',
  sign_in_code: 'shown as a QR code',
}
const methods: Record<string, string> = {
  forced: 'in place of a temporary one',
  invitation: 'by an invitation',
  mobile: 'on the phone',
  reset_link: 'by a reset link',
}

/** "Temporary, from the fieldworker list. Signed out of 2 devices." */
export function describePasswordChange({
  method,
  temporary,
  expired,
  from,
  sessions_ended,
  caller_check,
  caller_check_reason,
}: Details): string {
  const how = temporary ? 'temporary' : expired ? 'in place of an expired one' : methods[asText(method)]
  const description = [how, places[asText(from)]].filter(Boolean).join(', ')
  const ended =
    Number(sessions_ended ?? 0) > 0 ? `Signed out of ${countedDetail(sessions_ended, 'device')}.` : ''
  const caller = describeOutcome(caller_check, caller_check_reason)
  return [description && `${description[0]?.toUpperCase()}${description.slice(1)}.`, ended, caller]
    .filter(Boolean)
    .join(' ')
}

const callerOutcomes: Record<string, string> = {
  code: 'The caller read back the code.',
  recognised: 'The caller was recognised.',
  not_checked: 'The caller was not checked.',
}

/** "The caller was not checked: “Their phone is broken”." */
function describeOutcome(outcome: unknown, reason: unknown): string {
  const said = callerOutcomes[asText(outcome)] ?? ''
  return said && asText(reason) ? `${said.slice(0, -1)}: “${asText(reason)}”.` : said
}

export const describeNewAddress = ({ email_changed_at }: Details): string =>
  asText(email_changed_at) ? `The address had changed on ${asText(email_changed_at).slice(0, 10)}.` : ''

export const describeCallerCheck = (details: Details): string =>
  [describeOutcome(details.outcome, details.reason), describeNewAddress(details)].filter(Boolean).join(' ')

/** "After 12 minutes. The time was up." */
export function describeDuration(details: Details): string {
  const { minutes } = details
  const after =
    Number(minutes) < 1 ? 'After less than a minute.' : `After ${countedDetail(minutes, 'minute')}.`
  return [after, sentence(describeReason('impersonation_ended', details))].filter(Boolean).join(' ')
}

export function beforeAndAfter({ before, after, reason }: Details): string {
  if (before === undefined && after === undefined) return ''
  if (asText(reason)) return `${beforeAndAfter({ before, after })} Reason: “${asText(reason)}”.`
  return asText(before) ? `From ${asText(before)} to ${asText(after) || 'nothing'}.` : `Now ${asText(after)}.`
}

export function roleChangeVerb({ before, after }: Details): string {
  if (after === null) return 'deleted'
  return before === null ? 'made' : 'changed the permissions of'
}

export function roleDetail(details: Details): string {
  const renamed = asText(details.renamed_from) && `It was called ${asText(details.renamed_from)}.`
  return [beforeAndAfter(details), renamed].filter(Boolean).join(' ')
}
const toMany = (people: unknown): string => `to ${countedDetail(people, 'person')}`

export const describeCampaignStart = ({ name, people }: Details): string =>
  [asText(name), people === undefined ? '' : toMany(people)].filter(Boolean).join(', ')

export function describeCampaignEnd({ name, changed, opened, sent, failed, left_out }: Details): string {
  const parts = Object.entries({ changed, opened, sent, failed, 'left out': left_out })
  const counts = parts.map(([what, count]) => `${number(count)} ${what}`).join(', ')
  return changed === undefined ? asText(name) : `${asText(name)}: ${counts}.`
}

/** The verb for a change: before it there was nothing, or after it there is nothing. */
export const changeVerb = ({ before, after }: Details): string =>
  before === null ? 'made' : after === null ? 'deleted' : 'changed'

export function describeExport({ format, complete, filter, team }: Details): string {
  const what = format === 'evidence' ? 'as an evidence pack' : 'as CSV'
  const scopeText =
    describeFilter((filter ?? {}) as Record<string, string>) || (team ? 'All entries' : 'The whole log')
  const teamText = asText(team) && ` of the team ${asText(team)}`
  return `${scopeText}${teamText}, ${what}.${complete === false ? brokenOff : ''}`
}
const brokenOff = ' The download broke off.'

const lists: Record<string, string> = { fieldworkers: 'The fieldworker list', users: 'The list of users' }

/** "The fieldworker list, filtered." or "The campaign Season start." */
export function describeListExport({ list, name, filter, complete }: Details): string {
  const what = lists[asText(list)] ?? `The campaign ${asText(name)}`
  const filtered = Object.keys(filter ?? {}).length > 0 ? ', filtered' : ''
  return `${what}${filtered}.${complete === false ? brokenOff : ''}`
}

export function describeMailFailure(details: Details): string {
  const { template, answer } = details
  const why = asText(answer) || describeReason('mail_failed', details)
  return [asText(template) && eventLabel(asText(template)), why].filter(Boolean).join(': ')
}

export function runTitle({ automation, fault }: Details): string {
  if (automation === 'activity_retention') return 'The oldest month of the activity log was removed'
  if (automation !== 'activity_check')
    return `${asText(automation)}: ${fault ? 'a run broke off' : 'a run ended'}`
  return fault
    ? 'The activity log was checked and found broken'
    : 'The activity log was checked: nothing was changed'
}

export function describeRun(details: Details): string {
  const { automation, entries, fault, head_seq, month, removed } = details
  if (automation === 'activity_retention') return `${asText(month)}: ${countedDetail(removed, 'entry')}.`
  if (automation !== 'activity_check') return describeAutomationRun(details)
  return fault
    ? sentence(describeReason('automation_run', details))
    : `${countedDetail(entries, 'entry')}, the last is number ${number(head_seq)}.`
}

/** "12 people emailed. 3 are left for another day. It acted for Dana Admin." */
function describeAutomationRun(details: Details): string {
  const { people, did, left_over, acts_for } = details
  if (people === undefined) return ''
  const audience = countedDetail(people, 'person')
  const left = Number(left_over ?? 0) > 0 ? `${number(left_over)} left for another day.` : ''
  return [
    `${audience} ${asText(did)}.`,
    left,
    sentence(describeReason('automation_run', details)),
    `It acted for ${asText(acts_for)}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

const fields = ['email', 'name', 'phone', 'team'] as const
const changedOf = (details: Details) => fields.filter((field) => `${field}_after` in details)

/** The name of the changed field, or "details" for several. */
export function changedFieldLabel(details: Details): string {
  const [field, more] = changedOf(details)
  return field && !more ? field : 'details'
}

/** "Email from … to …. Team from North to none." */
export const describeFieldChanges = (details: Details): string =>
  changedOf(details)
    .map((field) => fromTo(field, details[`${field}_before`], details[`${field}_after`]))
    .join(' ')

const fromTo = (field: string, before: unknown, after: unknown): string => {
  const change = `from ${writtenAddress(asText(before)) || 'none'} to ${writtenAddress(asText(after)) || 'none'}.`
  return `${field[0]?.toUpperCase()}${field.slice(1)} ${change}`
}

/** "From Dispatcher to Admin. Team from North to none." */
export function describeRoleChange({ before, after, team_before, team_after }: Details): string {
  const role = before === after ? '' : beforeAndAfter({ before, after })
  const team = asText(team_before) === asText(team_after) ? '' : fromTo('team', team_before, team_after)
  return [role, team].filter(Boolean).join(' ')
}
