import type { Details } from './detail.ts'

/** A piece of a sentence: words, somebody by name, or the mark of one who worked as somebody else. */
export type Part = { text: string } | { person: { id: string; name: string } } | { mark: string }

/** What a sentence is made of. `own`: somebody did it to their own account. */
export interface Deed {
  actor: Part[]
  subject: Part[]
  own: boolean
  details: Details
}

/** How one kind of event is told. */
export interface Telling {
  icon: string
  bad?: boolean
  parts: (deed: Deed) => (Part | Part[])[]
  detail?: (details: Details) => string
}

export const text = (words: string): Part => ({ text: words })
export const known = (who: Part[]): boolean => who.some((part) => 'person' in part)

export const did = (words: string): Pick<Telling, 'parts'> => ({
  parts: ({ actor }) => [actor, text(` ${words}`)],
})
export const didTo = (words: string): Pick<Telling, 'parts'> => ({
  parts: ({ actor, subject }) => [actor, text(` ${words} `), subject],
})
export const befell = (before: string, after = ''): Pick<Telling, 'parts'> => ({
  parts: ({ subject }) => [text(`${before} `), subject, text(after)],
})
/** Somebody sends a mail, or it goes by itself, for whoever it is for. */
export const sent = (mail: string): Pick<Telling, 'parts'> => ({
  parts: ({ actor, subject, own }) =>
    known(actor) && !own
      ? [actor, text(` sent ${mail} to `), subject]
      : [text(`${mail[0]?.toUpperCase()}${mail.slice(1)} went to `), subject],
})

export const signInOf = (subject: Part[]): Part[] => [
  text(known(subject) ? 'Sign-in as ' : 'Sign-in with '),
  ...subject,
]
