import type { Actor } from '../access/actor.ts'

/** The code that somebody in the office asks a person to read out, for that person’s own pages. */
export interface CallerCode {
  /** “418 302” */
  code: string
  by: string
  until: Date
}

/** A later module finds it, and passes it to the pages. */
export type LoadCallerCode = (actor: Actor) => Promise<CallerCode | null>
