import { reasonText } from '../../platform/reason.ts'
import { holdTexts, pauseTexts, retryTexts, type PauseReason } from '../reason-texts.ts'
import { skipReasons } from '../skip-reasons.ts'
import type { Campaign, Counts } from '../queries.ts'
import { counted } from '../../platform/counted.ts'
import type { RecipientRow } from './queries.ts'

const stateOrder = ['changed', 'opened', 'sent', 'queued', 'failed'] as const

/** The progress of a campaign: how many get an email, how many chose a new password, and the bar that shows it. */
export function progressOf(counts: Counts) {
  const people = stateOrder.reduce((sum, state) => sum + counts[state], 0)
  const share = (count: number) => (people === 0 ? 0 : (count / people) * 100)
  const last = stateOrder.findLast((state) => counts[state] > 0)
  let x = 0
  const bar = stateOrder.map((state) => {
    const width = share(counts[state])
    const gap = state === last ? 0 : 0.25
    const piece = {
      state,
      count: counts[state],
      x: x.toFixed(2),
      width: Math.max(0, width - gap).toFixed(2),
    }
    x += width
    return piece
  })
  return {
    people,
    open: counts.sent + counts.opened + counts.failed,
    percent: Math.floor(share(counts.changed)),
    bar,
  }
}

/** Whether the page may change soon: emails are waiting, or people have not answered yet. */
export const isInProgress = ({ status }: Campaign, { open }: { open: number }): boolean =>
  status === 'running' || status === 'paused' || open > 0

/** What is happening to the emails, in a sentence. */
export function statusText({
  status,
  counts,
  reminders,
  held_by,
  held_answer,
  slowed_answer,
  emails_per_second,
  pause_reason,
  ...campaign
}: Campaign): string {
  const left = counts.queued + reminders
  const emails = counted(left, 'email')
  if (status === 'running' && held_by)
    return `${holdTexts[held_by]}: ${held_answer ?? ''}. ${retryTexts[held_by]}`
  if (status === 'running') {
    const slowed = slowed_answer ? ` The mail server asked to slow down: ${slowed_answer}.` : ''
    return `${emails} to go, at up to ${emails_per_second} a second.${slowed}`
  }
  if (status === 'paused')
    return `${pause_reason ? describePause(pause_reason) : 'It is paused.'} ${emails} ${left === 1 ? 'is' : 'are'} waiting.`
  return status === 'cancelled'
    ? 'Cancelled. No more emails are sent.'
    : campaign.name && 'All emails have been sent.'
}

/** Why it paused, if nobody paused it. */
export const describePause = (reason: PauseReason): string => `${reasonText(pauseTexts, reason)}.`

type FormatDate = (date: Date | null) => string

/** A recipient with the time they entered their state and an explanation of it. */
export function toRecipientView(row: RecipientRow, formatDate: FormatDate) {
  const { id, name, email, team_name: teamName, state } = row
  const since = {
    changed: row.changed_at,
    opened: row.opened_at,
    failed: row.failed_at,
    sent: row.sent_at,
    queued: null,
    skipped: null,
  }
  return {
    id,
    name,
    email,
    teamName,
    state,
    since: since[state],
    detail: detailOf(row, formatDate),
    bad: state === 'failed' || reminderRefused(row),
  }
}

/** They did get the first email, so their state does not change. */
const reminderRefused = ({ state, failed_at, due_at }: RecipientRow) =>
  (state === 'sent' || state === 'opened') && failed_at !== null && due_at === null

function detailOf(row: RecipientRow, formatDate: FormatDate): string {
  if (row.skip_reason) return `${skipReasons[row.skip_reason]}.`
  if (row.state === 'changed')
    return row.opened_at ? `Opened ${lower(formatDate(row.opened_at))}` : 'Without the link'
  if (row.state === 'failed')
    return row.due_at ? `${row.answer ?? ''}. Another email is on its way` : (row.answer ?? '')
  const stateText = { opened: `Sent ${lower(formatDate(row.sent_at))}`, sent: 'Not opened yet', queued: '' }[
    row.state as 'opened'
  ]
  const waiting =
    row.due_at && row.answer && row.tries > 0
      ? `${row.answer}. Next attempt ${lower(formatDate(row.due_at))}`
      : ''
  const more = [
    row.renewed_at && `asked for a new link ${lower(formatDate(row.renewed_at))}`,
    row.reminded_at && `reminded ${lower(formatDate(row.reminded_at))}`,
    row.due_at && row.sent_at && 'a reminder is on its way',
    reminderRefused(row) && `the reminder was refused: ${row.answer}`,
  ]
  const text = [stateText, waiting, ...more].filter(Boolean).join(', ')
  return text ? `${text[0]?.toUpperCase()}${text.slice(1)}` : 'Waiting to be sent'
}

/** “Today” and “Yesterday” inside a sentence. */
const lower = (text: string) => text.replace(/^[TY]/, (initial) => initial.toLowerCase())
