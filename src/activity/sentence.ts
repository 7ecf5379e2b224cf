import type { Entry } from './queries.ts'
import type { Kind } from './kinds.ts'

type Part = { text: string } | { person: { id: string; name: string } }

interface Telling {
  icon: string
  bad?: boolean
  parts: (actor: Part, subject: Part) => Part[]
  detail?: (details: Record<string, unknown>) => string
}

const text = (words: string): Part => ({ text: words })
const isPerson = (part: Part): boolean => 'person' in part

const tellings: Record<Kind, Telling> = {
  password_change: {
    icon: 'key-round',
    parts: (actor, subject) => [actor, text(' changed the password of '), subject],
    detail: howChanged,
  },
  password_reset_requested: {
    icon: 'mail',
    parts: (actor, subject) => [
      ...(isPerson(actor) ? [actor, text(' asked for')] : [text('Asked for')]),
      text(' a reset link for '),
      subject,
    ],
  },
  password_reset_sent: { icon: 'mail', parts: (_, subject) => [text('A reset link went to '), subject] },
  email_verification_sent: {
    icon: 'mail',
    parts: (_, subject) => [text('A link to verify the email went to '), subject],
  },
  email_verified: {
    icon: 'badge-check',
    parts: (actor) => [actor, text(' verified the email')],
    detail: (details) => String(details.email ?? ''),
  },
  user_updated: {
    icon: 'pencil',
    parts: (actor, subject) => [actor, text(' changed the email of '), subject],
    detail: (details) => `From ${String(details.email_before)} to ${String(details.email_after)}.`,
  },
  sign_in: { icon: 'log-in', parts: (actor) => [actor, text(' signed in')] },
  sign_in_failed: {
    icon: 'shield-alert',
    bad: true,
    parts: (_, subject) => [text('Sign-in as '), subject, text(' failed')],
    detail: (details) => `${String(details.reason ?? 'Wrong password')}.`,
  },
  sign_in_throttled: {
    icon: 'shield-alert',
    bad: true,
    parts: (_, subject) => [text('Sign-in as '), subject, text(' was throttled')],
    detail: (details) => `${String(details.reason ?? 'Too many tries')}.`,
  },
  sign_out: { icon: 'log-out', parts: (actor) => [actor, text(' signed out')] },
  sessions_ended: {
    icon: 'monitor-smartphone',
    parts: (actor, subject) => [actor, text(' ended sessions of '), subject],
    detail: (details) => devices(details.count),
  },
  temporary_password_expired: {
    icon: 'hourglass',
    parts: (_, subject) => [text('The temporary password of '), subject, text(' died unused')],
  },
  policy_changed: {
    icon: 'sliders-horizontal',
    parts: (actor, _) => [actor, text(' changed a setting')],
    detail: (details) =>
      `${String(details.setting)}: from ${String(details.before ?? 'none')} to ${String(details.after)}.`,
  },
  mail_failed: {
    icon: 'mail',
    bad: true,
    parts: (_, subject) => [text('A mail to '), subject, text(' could not be delivered')],
    detail: (details) => String(details.answer ?? ''),
  },
}

export interface Told {
  icon: string
  bad: boolean
  sentence: Part[]
  detail: string
}

/** An entry as a person reads it: who did what to whom, and the detail under it. */
export function tell(entry: Entry): Told {
  const telling = tellings[entry.event as Kind]
  const own =
    entry.event === 'password_change' && entry.actor_id !== null && entry.actor_id === entry.subject_id
  const actor = person(entry.actor_id, entry.actor_name, 'Fieldkey')
  const subject = person(entry.subject_id, entry.subject_name, 'an unknown address')
  return {
    icon: telling.icon,
    bad: telling.bad ?? false,
    sentence: own ? [actor, text(' chose a new password')] : telling.parts(actor, subject),
    detail: telling.detail?.({ method: entry.method, ...entry.details }) ?? '',
  }
}

function person(id: string | null, name: string | null, otherwise: string): Part {
  return id === null ? text(otherwise) : { person: { id, name: name ?? otherwise } }
}

const places: Record<string, string> = {
  fieldworkers: 'from the fieldworker list',
  profile: 'from the profile',
  users: 'from the list of users',
}

function howChanged(details: Record<string, unknown>): string {
  const kind =
    details.method === 'forced' ? 'In place of a temporary one' : details.temporary ? 'Temporary' : ''
  const place = places[String(details.from)] ?? ''
  const told = [kind, place].filter(Boolean).join(', ')
  const ended =
    Number(details.sessions_ended ?? 0) > 0 ? `Signed out of ${devices(details.sessions_ended)}` : ''
  const sentence = told ? `${told[0]?.toUpperCase() ?? ''}${told.slice(1)}.` : ''
  return [sentence, ended].filter(Boolean).join(' ')
}

const devices = (count: unknown): string => (Number(count) === 1 ? '1 device.' : `${Number(count)} devices.`)
