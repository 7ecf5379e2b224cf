import { eventDescriptions, type EventType } from './event-types.ts'
import type { Entry } from './entries/queries.ts'
import { text, type EventParties, type Segment } from './event-description.ts'

/** Describes an entry for readers: who did what to which person, and the details. */
export function describeEntry(entry: Entry) {
  const description = eventDescriptions[entry.event as EventType]
  const details = { ...entry.details, method: entry.method }
  const action: EventParties = {
    actor: actorSegments(entry),
    subject: [person(entry.subject_id, entry.subject_name, 'an unknown address')],
    own: entry.actor_id !== null && entry.actor_id === entry.subject_id,
    details,
  }
  return {
    icon: description.icon,
    bad: description.bad === true || Boolean(entry.details.fault),
    /** It was done during impersonation, or is about one. */
    acting: entry.impersonator_id !== null || entry.event.startsWith('impersonation_'),
    sentence: withImpersonator(entry, description.parts(action).flat(), action.actor),
    detail: description.detail?.(details) ?? '',
  }
}

/** Some sentences leave out the actor. During impersonation the actor is always named. */
function withImpersonator(entry: Entry, sentence: Segment[], actor: Segment[]): Segment[] {
  const named = entry.impersonator_id === null || sentence.some((part) => 'mark' in part)
  return named ? sentence : [...sentence, text(', by '), ...actor]
}

/** During impersonation both people are named, the admin first. */
function actorSegments(entry: Entry): Segment[] {
  const { impersonator_id, impersonator_name, impersonator_email } = entry
  const withoutActor = entry.details.from === 'console' ? 'Somebody at the server’s console' : 'Fieldkey'
  const actor = person(entry.actor_id, entry.actor_name, withoutActor)
  if (impersonator_id === null) return [actor]
  const admin = person(impersonator_id, impersonator_name ?? impersonator_email, 'somebody')
  return [admin, text(' '), { mark: `as ${entry.actor_name ?? 'somebody'}` }]
}

function person(id: string | null, name: string | null, fallback: string): Segment {
  return id === null ? text(fallback) : { person: { id, name: name ?? fallback } }
}
