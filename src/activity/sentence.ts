import type { Kind } from './kinds.ts'
import type { Entry } from './reading/queries.ts'
import { text, type Deed, type Part } from './telling.ts'
import { tellings } from './tellings.ts'

/** An entry as a person reads it: who did what to whom, and the detail under it. */
export function tell(entry: Entry) {
  const telling = tellings[entry.event as Kind]
  const details = { ...entry.details, method: entry.method }
  const deed: Deed = {
    actor: doer(entry),
    subject: [person(entry.subject_id, entry.subject_name, 'an unknown address')],
    own: entry.actor_id !== null && entry.actor_id === entry.subject_id,
    details,
  }
  return {
    icon: telling.icon,
    bad: telling.bad === true || Boolean(entry.details.fault),
    /** Somebody worked as another when it was done. */
    acting: entry.impersonator_id !== null || entry.event.startsWith('impersonation_'),
    sentence: namingWhoIsBehind(entry, telling.parts(deed).flat(), deed.actor),
    detail: telling.detail?.(details) ?? '',
  }
}

/** Some sentences leave out who did it; whoever worked as somebody else is always named. */
function namingWhoIsBehind(entry: Entry, sentence: Part[], actor: Part[]): Part[] {
  const named = entry.impersonator_id === null || sentence.some((part) => 'mark' in part)
  return named ? sentence : [...sentence, text(', by '), ...actor]
}

/** Of a deed done as somebody else both are named: first the person behind it. */
function doer(entry: Entry): Part[] {
  const { impersonator_id, impersonator_name, impersonator_email } = entry
  const nobody = entry.details.from === 'console' ? 'Somebody at the server’s console' : 'Fieldkey'
  const actor = person(entry.actor_id, entry.actor_name, nobody)
  if (impersonator_id === null) return [actor]
  const behind = person(impersonator_id, impersonator_name ?? impersonator_email, 'somebody')
  return [behind, text(' '), { mark: `as ${entry.actor_name ?? 'somebody'}` }]
}

function person(id: string | null, name: string | null, otherwise: string): Part {
  return id === null ? text(otherwise) : { person: { id, name: name ?? otherwise } }
}
