import type { Person } from '../access/actor.ts'
import type { DetailsWithoutReason, DetailsWithReason } from './describe-reason.ts'
import type { EventWithReason } from './reason-texts.ts'

/** Every event type with its category; `migrate` writes them into the database. A contract with programs that read the log. */
export const eventTypes = {
  password_change: 'security',
  password_reset_requested: 'security',
  password_reset_sent: 'security',
  sign_in: 'security',
  sign_in_failed: 'security',
  sign_in_throttled: 'security',
  sign_out: 'security',
  sessions_ended: 'security',
  impersonation_started: 'security',
  impersonation_ended: 'security',
  email_verification_sent: 'security',
  email_verified: 'security',
  temporary_password_expired: 'security',
  password_expired: 'security',
  role_changed: 'security',
  permissions_changed: 'security',
  policy_changed: 'security',
  user_blocked: 'security',
  user_unblocked: 'security',
  activity_exported: 'security',
  list_exported: 'security',
  user_created: 'account',
  user_imported: 'account',
  user_updated: 'account',
  user_activated: 'account',
  user_deactivated: 'account',
  campaign_started: 'account',
  campaign_finished: 'account',
  canned_response_changed: 'account',
  automation_run: 'system',
  password_expiry_reminder_sent: 'system',
  mail_failed: 'system',
} as const
export type EventType = keyof typeof eventTypes
export const allEventTypes = Object.keys(eventTypes) as EventType[]

export const categories = { security: 'Security events', account: 'Account', system: 'System' } as const
export type Category = keyof typeof categories
export const eventTypesOf = (category: Category): EventType[] =>
  allEventTypes.filter((type) => eventTypes[type] === category)

/** "Sign-in failed": a contract name as readable text. */
export const eventLabel = (name: string): string =>
  `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('_', ' ')}`.replace(
    /^Sign (in|out)\b/,
    'Sign-$1',
  )

export type PasswordMethod = 'admin' | 'self' | 'mobile' | 'reset_link' | 'forced' | 'invitation'

interface EventParts {
  method?: PasswordMethod
  subject?: Person | null
}

/** An event to record. The request context adds who did it, and from where. Its details never hold secrets. */
export type Event =
  | (EventParts & { event: Exclude<EventType, EventWithReason>; details?: Record<string, unknown> })
  | {
      [Type in EventWithReason]: EventParts & {
        event: Type
        details?: DetailsWithReason<Type> | DetailsWithoutReason<Type>
      }
    }[EventWithReason]
