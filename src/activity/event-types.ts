import { accountEvents } from './events/account.ts'
import { securityEvents } from './events/security.ts'
import { systemEvents } from './events/system.ts'
import type { EventDescription } from './event-description.ts'
import type { Category } from './event-label.ts'
import type { Person } from '../access/actor.ts'
import type { DetailsWithoutReason, DetailsWithReason } from './describe-reason.ts'
import type { EventWithReason } from './reason-texts.ts'

const eventsByCategory = { security: securityEvents, account: accountEvents, system: systemEvents }

/** Every event type with its category; `migrate` writes them into the database. A contract with programs that read the log. */
export const eventTypes = Object.fromEntries(
  Object.entries(eventsByCategory).flatMap(([category, events]) =>
    Object.keys(events).map((type) => [type, category]),
  ),
) as Record<EventType, Category>

/** The description of each event type. Actor and subject are as they were when it happened. */
export const eventDescriptions: Record<EventType, EventDescription> = {
  ...securityEvents,
  ...accountEvents,
  ...systemEvents,
}

export type EventType = keyof typeof securityEvents | keyof typeof accountEvents | keyof typeof systemEvents
export const allEventTypes = Object.keys(eventTypes) as EventType[]
export const eventTypesOf = (category: Category): EventType[] =>
  allEventTypes.filter((type) => eventTypes[type] === category)

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
