import type { Actor } from '../access/actor.ts'
import type { UserRow } from './queries.ts'

/** What keeps a person from signing in right now and what to do about it: one line on their profile and in the dialog. */
export interface SignInStatus {
  /** Bad: they cannot sign in at all. */
  kind: 'ok' | 'warn' | 'bad'
  icon: string
  title: string
  advice: string
  /** Whether the line says that the email is not verified. */
  saysUnverified: boolean
  /** What else is in their way, less important. */
  others: string[]
  /** The button that deals with it, if the viewer may use it. */
  action: SignInAction | null
}

export interface SignInAction {
  label: string
  /** The address of an action, or of a page. */
  post?: string
  /** The status that the action sets. */
  status?: string
  href?: string
}

/** The dialog of the password says what saving does about it. */
export type SignInStatusPlace = 'profile' | 'dialog'

/** A later module decides it, and passes it to the profile. */
export type LoadSignInStatus = (
  user: UserRow,
  viewer: Actor,
  timeZone: string,
  place: SignInStatusPlace,
) => Promise<SignInStatus>
