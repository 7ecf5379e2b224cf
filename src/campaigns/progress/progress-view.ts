import { skipReasons } from '../skip-reasons.ts'
import type { Campaign, Counts } from '../queries.ts'
import type { PersonRow } from './queries.ts'

const order = ['changed', 'opened', 'sent', 'queued', 'failed'] as const

/** How far it is: who gets a letter, how many of them did what is asked, and the bar that shows it. */
export function progressOf(counts: Counts) {
  const people = order.reduce((sum, state) => sum + counts[state], 0)
  const share = (count: number) => (people === 0 ? 0 : (count / people) * 100)
  const last = order.findLast((state) => counts[state] > 0)
  let x = 0
  const bar = order.map((state) => {
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

/** Whether there may be anything new on its page in a moment: letters that wait, or people who are still to answer. */
export const isInProgress = ({ status }: Campaign, { open }: { open: number }): boolean =>
  status === 'running' || status === 'paused' || open > 0

/** What goes on with the letters, in a sentence. */
export function statusText({
  status,
  counts,
  reminders,
  held_because,
  held_by,
  slowed_because,
  letters_per_second,
  paused_because,
  ...campaign
}: Campaign): string {
  const left = counts.queued + reminders
  const emails = left === 1 ? '1 letter' : `${left.toLocaleString('en')} letters`
  if (status === 'running' && held_because)
    return `${heldBy[held_by ?? 'away']}: ${held_because}. ${triedAgain[held_by ?? 'away']}`
  if (status === 'running') {
    const slowed = slowed_because ? ` It was slowed down as the mail server asked: ${slowed_because}.` : ''
    return `${emails} to go, at up to ${letters_per_second} a second.${slowed}`
  }
  if (status === 'paused') return `${paused_because ?? 'It is paused.'} ${emails} wait.`
  return status === 'cancelled'
    ? 'Cancelled. No more letters leave.'
    : campaign.name && 'All letters have left.'
}

const heldBy = {
  away: 'The mail server does not answer',
  sender: 'The mail server takes no emails from us',
  slower: 'The mail server asks for fewer emails',
}
const notFailed = 'Nothing is lost and nobody has failed'
const triedAgain = {
  away: 'It is tried again every few seconds; nothing is lost.',
  sender: `${notFailed}: it is tried again every few minutes. Whoever looks after the mail server can tell what it wants.`,
  slower: `${notFailed}: emails go on in a few minutes, more slowly.`,
}

type When = (date: Date | null) => string

/** Since when somebody is in their state, and what else is known of it. */
export function toRecipientView(row: PersonRow, when: When) {
  const { id, name, email, team_name: teamName, state } = row
  const since = {
    changed: row.changed_at,
    opened: row.opened_at,
    failed: row.failed_at,
    sent: row.sent_at,
    queued: null,
    excused: null,
  }
  return {
    id,
    name,
    email,
    teamName,
    state,
    since: since[state],
    detail: detailOf(row, when),
    bad: state === 'failed' || reminderRefused(row),
  }
}

/** They got their first letter all the same, so their state stays. */
const reminderRefused = ({ state, failed_at, due_at }: PersonRow) =>
  (state === 'sent' || state === 'opened') && failed_at !== null && due_at === null

function detailOf(row: PersonRow, when: When): string {
  if (row.excused) return `${skipReasons[row.excused]}.`
  if (row.state === 'changed')
    return row.opened_at ? `Opened ${lower(when(row.opened_at))}` : 'Without the link'
  if (row.state === 'failed')
    return row.due_at ? `${row.answer ?? ''}. Another letter is on its way` : (row.answer ?? '')
  const before = { opened: `Sent ${lower(when(row.sent_at))}`, sent: 'Not opened yet', queued: '' }[
    row.state as 'opened'
  ]
  const waiting =
    row.due_at && row.answer && row.tries > 0
      ? `${row.answer}. It is tried again ${lower(when(row.due_at))}`
      : ''
  const more = [
    row.renewed_at && `asked for a new link ${lower(when(row.renewed_at))}`,
    row.reminded_at && `reminded ${lower(when(row.reminded_at))}`,
    row.due_at && row.sent_at && 'a reminder is on its way',
    reminderRefused(row) && `the reminder was refused: ${row.answer}`,
  ]
  const told = [before, waiting, ...more].filter(Boolean).join(', ')
  return told ? `${told[0]?.toUpperCase()}${told.slice(1)}` : 'Waits for its turn'
}

const lower = (words: string) => words.replace(/^[TY]/, (letter) => letter.toLowerCase())
