import type { Details } from './event-details.ts'

/** A piece of a sentence: words, somebody by name, or the mark of one who worked as somebody else. */
export type Segment = { text: string } | { person: { id: string; name: string } } | { mark: string }

/** What a sentence is made of. `own`: somebody did it to their own account. */
export interface EventParties {
  actor: Segment[]
  subject: Segment[]
  own: boolean
  details: Details
}

/** How one kind of event is told. */
export interface EventDescription {
  icon: string
  bad?: boolean
  parts: (action: EventParties) => (Segment | Segment[])[]
  detail?: (details: Details) => string
}

export const text = (words: string): Segment => ({ text: words })
export const isNamed = (who: Segment[]): boolean => who.some((part) => 'person' in part)

export const actorVerb = (words: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor }) => [actor, text(` ${words}`)],
})
export const actorVerbSubject = (words: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor, subject }) => [actor, text(` ${words} `), subject],
})
export const subjectVerb = (before: string, after = ''): Pick<EventDescription, 'parts'> => ({
  parts: ({ subject }) => [text(`${before} `), subject, text(after)],
})
/** Somebody sends a mail, or it goes by itself, for whoever it is for. */
export const sentTo = (mail: string): Pick<EventDescription, 'parts'> => ({
  parts: ({ actor, subject, own }) =>
    isNamed(actor) && !own
      ? [actor, text(` sent ${mail} to `), subject]
      : [text(`${mail[0]?.toUpperCase()}${mail.slice(1)} went to `), subject],
})

export const signInAs = (subject: Segment[]): Segment[] => [
  text(isNamed(subject) ? 'Sign-in as ' : 'Sign-in with '),
  ...subject,
]
