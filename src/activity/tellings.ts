import type { Kind } from './kinds.ts'

/** A piece of a sentence: words, somebody by name, or the mark of one who worked as somebody else. */
export type Part = { text: string } | { person: { id: string; name: string } } | { mark: string }

type Details = Record<string, unknown>

interface Telling {
  icon: string
  bad?: boolean
  parts: (actor: Part[], subject: Part[], details: Details) => (Part | Part[])[]
  detail?: (details: Details) => string
}

export const text = (words: string): Part => ({ text: words })
const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const sentence = (value: unknown): string => (word(value) ? `${word(value).replace(/\.$/, '')}.` : '')
const number = (value: unknown): string => Number(value ?? 0).toLocaleString('en')
const quoted = (label: string, value: unknown): string => (word(value) ? `${label}: “${word(value)}”` : '')
const devices = (count: unknown): string => (Number(count) === 1 ? '1 device.' : `${number(count)} devices.`)

const did = (words: string): Pick<Telling, 'parts'> => ({ parts: (actor) => [actor, text(` ${words}`)] })
const didTo = (words: string): Pick<Telling, 'parts'> => ({
  parts: (actor, subject) => [actor, text(` ${words} `), subject],
})

/** How each kind of event is told; the actor and the subject come as they were when it happened. */
export const tellings: Record<Kind, Telling> = {
  password_change: { icon: 'key-round', ...didTo('changed the password of'), detail: howChanged },
  password_reset_requested: {
    icon: 'mail',
    parts: (actor, subject) => [
      ...(actor.some((part) => 'person' in part) ? [actor, text(' asked for')] : [text('Asked for')]),
      text(' a reset link for '),
      subject,
    ],
  },
  password_reset_sent: { icon: 'mail', parts: (_, subject) => [text('A reset link went to '), subject] },
  sign_in: { icon: 'log-in', ...did('signed in') },
  sign_in_failed: {
    icon: 'shield-alert',
    bad: true,
    parts: (_, subject) => [text('Sign-in as '), subject, text(' failed')],
    detail: ({ reason }) => sentence(reason ?? 'Wrong password'),
  },
  sign_in_throttled: {
    icon: 'shield-alert',
    bad: true,
    parts: (_, subject, { network }) =>
      network
        ? [text('Sign-in from a network was throttled')]
        : [text('Sign-in as '), subject, text(' was throttled')],
    detail: ({ reason }) => sentence(reason ?? 'Too many tries'),
  },
  sign_out: { icon: 'log-out', ...did('signed out') },
  sessions_ended: {
    icon: 'monitor-smartphone',
    ...didTo('ended sessions of'),
    detail: ({ count }) => devices(count),
  },
  impersonation_started: {
    icon: 'user-round-cog',
    ...didTo('logged in as'),
    detail: ({ reason }) => quoted('Reason', reason),
  },
  impersonation_ended: {
    icon: 'undo-2',
    ...didTo('returned to their own account from'),
    detail: ({ minutes }) => (word(minutes) ? `After ${number(minutes)} minutes.` : ''),
  },
  email_verification_sent: {
    icon: 'mail',
    parts: (_, subject) => [text('A link to verify the email went to '), subject],
  },
  email_verified: { icon: 'badge-check', ...did('verified the email'), detail: ({ email }) => word(email) },
  temporary_password_expired: {
    icon: 'hourglass',
    parts: (_, subject) => [text('The temporary password of '), subject, text(' died unused')],
  },
  password_expired: {
    icon: 'hourglass',
    parts: (_, subject) => [text('The password of '), subject, text(' expired')],
  },
  role_changed: { icon: 'users', ...didTo('changed the role of'), detail: beforeAndAfter },
  permissions_changed: {
    icon: 'list-checks',
    parts: (actor, _, { role }) => [actor, text(` changed the permissions of the role ${word(role)}`)],
    detail: beforeAndAfter,
  },
  policy_changed: {
    icon: 'shield',
    parts: (actor, _, { setting }) => [
      actor,
      text(` changed the policy${word(setting) && `: ${word(setting)}`}`),
    ],
    detail: beforeAndAfter,
  },
  user_blocked: { icon: 'ban', ...didTo('blocked') },
  user_unblocked: { icon: 'circle-check', ...didTo('unblocked') },
  activity_exported: {
    icon: 'download',
    parts: (actor, _, { rows }) => [
      actor,
      text(` exported ${number(rows)} ${Number(rows) === 1 ? 'entry' : 'entries'}`),
    ],
    detail: exported,
  },
  user_created: { icon: 'user-round-plus', ...didTo('created the account of') },
  user_imported: { icon: 'user-round-plus', ...didTo('imported') },
  user_updated: {
    icon: 'pencil',
    parts: (actor, subject, { email_after }) => [
      actor,
      text(email_after ? ' changed the email of ' : ' edited '),
      subject,
    ],
    detail: ({ email_before, email_after }) =>
      email_after ? `From ${word(email_before)} to ${word(email_after)}.` : '',
  },
  user_activated: { icon: 'circle-check', ...didTo('activated') },
  user_deactivated: { icon: 'circle-minus', ...didTo('deactivated') },
  campaign_started: { icon: 'send', ...did('started a campaign'), detail: ({ name }) => word(name) },
  campaign_finished: {
    icon: 'flag',
    parts: () => [text('A campaign finished')],
    detail: ({ name }) => word(name),
  },
  canned_response_changed: {
    icon: 'pencil',
    ...did('changed a canned response'),
    detail: ({ name }) => word(name),
  },
  automation_run: {
    icon: 'bot',
    parts: (_actor, _subject, details) => [text(whichRun(details))],
    detail: whatRun,
  },
  password_expiry_reminder_sent: {
    icon: 'mail',
    parts: (_, subject) => [text('A reminder to change the password went to '), subject],
  },
  mail_failed: {
    icon: 'mail',
    bad: true,
    parts: (_, subject) => [text('A mail to '), subject, text(' could not be delivered')],
    detail: ({ answer }) => word(answer),
  },
}

const places: Record<string, string> = {
  fieldworkers: 'from the fieldworker list',
  profile: 'from the profile',
  users: 'from the list of users',
}

function howChanged({ method, temporary, from, sessions_ended }: Details): string {
  const kind = method === 'forced' ? 'in place of a temporary one' : temporary ? 'temporary' : ''
  const told = [kind, places[word(from)]].filter(Boolean).join(', ')
  const ended = Number(sessions_ended ?? 0) > 0 ? `Signed out of ${devices(sessions_ended)}` : ''
  return [told && `${told[0]?.toUpperCase()}${told.slice(1)}.`, ended].filter(Boolean).join(' ')
}

function beforeAndAfter({ before, after }: Details): string {
  const [was, is] = [word(before) || 'nothing', word(after) || 'nothing']
  return before === undefined && after === undefined ? '' : `From ${was} to ${is}.`
}

function exported({ format, complete, filter }: Details): string {
  const what = format === 'evidence' ? 'As an evidence pack' : 'As CSV'
  const asked = Object.entries((filter ?? {}) as Details).map(([name, value]) => `${name} ${word(value)}`)
  const whole = complete === false ? ' The download broke off.' : ''
  return `${what}, ${asked.length > 0 ? asked.join(', ') : 'the whole log'}.${whole}`
}

function whichRun({ automation, fault }: Details): string {
  if (automation === 'activity_retention') return 'The oldest month of the activity log was removed'
  if (automation !== 'activity_check') return 'An automation ran'
  return fault
    ? 'The activity log was checked and found broken'
    : 'The activity log was checked: nothing was changed'
}

function whatRun({ automation, entries, fault, head_seq, month, removed }: Details): string {
  if (automation === 'activity_retention') return `${word(month)}: ${number(removed)} entries.`
  if (automation !== 'activity_check') return word(automation)
  return fault ? word(fault) : `${number(entries)} entries, the last is number ${word(head_seq)}.`
}
