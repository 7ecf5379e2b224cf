import type { Details } from './event-details.ts'

/** A part of a sentence: text, a person, or the badge of an impersonated user. */
export type Segment = { text: string } | { person: { id: string; name: string } } | { mark: string }

/** The input of a sentence. `own`: people did it to their own account. */
export interface EventParties {
  actor: Segment[]
  subject: Segment[]
  own: boolean
  details: Details
}

/** How one event type is described: on the pages, and in docs/activity-log.md by when it is recorded and its details. */
export interface EventDescription {
  when: string
  details?: string
  icon: string
  bad?: boolean
  parts: (action: EventParties) => (Segment | Segment[])[]
  detail?: (details: Details) => string
}

export const text = (rest: string): Segment => ({ text: rest })
export const isNamed = (who: Segment[]): boolean => who.some((part) => 'person' in part)

export const actorVerb = (rest: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor }) => [actor, text(` ${rest}`)],
})
export const actorVerbSubject = (rest: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor, subject }) => [actor, text(` ${rest} `), subject],
})
export const subjectVerb = (before: string, after = ''): Pick<EventDescription, 'parts'> => ({
  parts: ({ subject }) => [text(`${before} `), subject, text(after)],
})
/** An email that a person sends, or that is sent automatically. */
export const sentTo = (email: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor, subject, own }) =>
    isNamed(actor) && !own
      ? [actor, text(` sent ${email} to `), subject]
      : [text(`${email[0]?.toUpperCase()}${email.slice(1)} went to `), subject],
})

export const signInAs = (subject: Segment[]): Segment[] => [
  text(isNamed(subject) ? 'Sign-in as ' : 'Sign-in with '),
  ...subject,
]
