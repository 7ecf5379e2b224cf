import { fillText, type Reason, type ReasonTexts } from '../platform/reason.ts'
import { reasonDetail, reasonTexts, type EventWithReason } from './reason-texts.ts'

/** A reason as the details of an entry: the code, and the parameters next to it. */
export function detailsOfReason<Event extends EventWithReason>(
  event: Event,
  { code, ...params }: Reason<(typeof reasonTexts)[Event]>,
): DetailsWithReason<Event> {
  return { [reasonDetail(event)]: code, ...params } as unknown as DetailsWithReason<Event>
}

type DetailName<Event extends EventWithReason> = Event extends 'automation_run' ? 'fault' : 'reason'

/** The details of an event that says why. A code without a sentence, or without its parameters, is an error. */
export type DetailsWithReason<Event extends EventWithReason> =
  Reason<(typeof reasonTexts)[Event]> extends infer One
    ? One extends { code: infer Code }
      ? Record<DetailName<Event>, Code> & Omit<One, 'code'> & Record<string, unknown>
      : never
    : never

/** The details of such an event that says nothing of it. */
export type DetailsWithoutReason<Event extends EventWithReason> = Partial<Record<DetailName<Event>, null>> &
  Record<string, unknown>

/**
 * The sentence of an entry's reason, without its full stop. Entries from before there were codes hold the sentence
 * itself, and cannot be changed.
 */
export function describeReason(event: string, details: Record<string, unknown>): string {
  const texts: ReasonTexts | undefined = Object.hasOwn(reasonTexts, event)
    ? reasonTexts[event as EventWithReason]
    : undefined
  const stored = details[reasonDetail(event as EventWithReason)] ?? details.why
  if (typeof stored !== 'string') return ''
  const text = texts && Object.hasOwn(texts, stored) ? texts[stored] : undefined
  return text === undefined ? stored : fillText(text, details)
}
