import { paramsIn } from '../platform/reason.ts'
import { stripJsonPunctuation } from './filter.ts'
import { reasonDetail, reasonTexts, type EventWithReason } from './reason-texts.ts'

/** A reason whose sentence may contain a text. */
export interface SearchedReason {
  event: EventWithReason
  detail: string
  code: string
  sentence: string
  params: string[]
}

/** Every reason that an entry can hold. */
const allReasons: SearchedReason[] = Object.entries(reasonTexts).flatMap(([event, texts]) =>
  Object.entries(texts as Record<string, string>).map(([code, sentence]) => ({
    event: event as EventWithReason,
    detail: reasonDetail(event as EventWithReason),
    code,
    sentence,
    params: paramsIn(sentence),
  })),
)

/**
 * The reasons whose sentence may contain the text. The log holds codes, and readers search for what the page says. What
 * the text has from a parameter alone is in the details anyway.
 */
export function reasonsWith(text: string): SearchedReason[] {
  const typed = stripJsonPunctuation(text).toLowerCase()
  return allReasons.filter(({ sentence }) => mayContain(sentence, typed))
}

function mayContain(sentence: string, typed: string): boolean {
  const pieces = sentence
    .toLowerCase()
    .split(/\{\w+\}/)
    .map(stripJsonPunctuation)
  return pieces.some(
    (piece, i) =>
      piece !== '' &&
      (piece.includes(typed) ||
        (pieces.length > 1 && typed.includes(piece)) ||
        (i > 0 && overlaps(typed, piece)) ||
        (i < pieces.length - 1 && overlaps(piece, typed))),
  )
}

/** Whether the first ends as the second begins. */
const overlaps = (first: string, second: string): boolean =>
  [...second].some((_, i) => first.endsWith(second.slice(0, i + 1)))
