import type { Kind } from './kinds.ts'
import type { Entry } from './queries.ts'
import { tellings, text, type Part } from './tellings.ts'

export interface Told {
  icon: string
  bad: boolean
  /** Somebody worked as another when it was done. */
  acting: boolean
  sentence: Part[]
  detail: string
}

/** An entry as a person reads it: who did what to whom, and the detail under it. */
export function tell(entry: Entry): Told {
  const telling = tellings[entry.event as Kind]
  const own =
    entry.event === 'password_change' && entry.actor_id !== null && entry.actor_id === entry.subject_id
  const actor = doer(entry)
  const subject = person(entry.subject_id, entry.subject_name, 'an unknown address')
  const details = { method: entry.method, ...entry.details }
  return {
    icon: telling.icon,
    bad: telling.bad === true || Boolean(entry.details.fault),
    acting: entry.impersonator_id !== null || entry.event.startsWith('impersonation_'),
    sentence: own
      ? [...actor, text(' chose a new password')]
      : telling.parts(actor, [subject], details).flat(),
    detail: telling.detail?.(details) ?? '',
  }
}

/** Of a deed done as somebody else both are named: first the person behind it. */
function doer(entry: Entry): Part[] {
  const { impersonator_id, impersonator_name, impersonator_email } = entry
  const actor = person(entry.actor_id, entry.actor_name, 'Fieldkey')
  if (impersonator_id === null) return [actor]
  const behind = person(impersonator_id, impersonator_name ?? impersonator_email, 'somebody')
  return [behind, text(' '), { mark: `as ${entry.actor_name ?? 'somebody'}` }]
}

function person(id: string | null, name: string | null, otherwise: string): Part {
  return id === null ? text(otherwise) : { person: { id, name: name ?? otherwise } }
}
