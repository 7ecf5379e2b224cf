import type { Person } from '../access/actor.ts'

/** Every kind of event, by category: the contract with whoever reads the log from outside. */
export const kinds = {
  password_change: 'security',
  password_reset_requested: 'security',
  password_reset_sent: 'security',
  sign_in: 'security',
  sign_in_failed: 'security',
  sign_in_throttled: 'security',
  sign_out: 'security',
  sessions_ended: 'security',
  email_verification_sent: 'security',
  email_verified: 'security',
  temporary_password_expired: 'security',
  policy_changed: 'security',
  user_updated: 'account',
  mail_failed: 'system',
} as const
export type Kind = keyof typeof kinds

export type PasswordMethod = 'admin' | 'self' | 'mobile' | 'reset_link' | 'forced' | 'invitation'

/** A deed to be recorded; who did it, and from where, stands beside it. */
export interface Event {
  event: Kind
  method?: PasswordMethod
  subject?: Person | null
  /** Facts of the deed, never secrets. */
  details?: Record<string, unknown>
}
