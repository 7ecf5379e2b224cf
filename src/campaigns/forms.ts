import { z } from 'zod'
import { textField } from '../platform/web/form.ts'
import { shownStates } from './progress/queries.ts'

const whole = (most: number, words: string) =>
  textField
    .trim()
    .regex(/^\d{1,7}$/, words)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, words)

export const usualRate = 5
export const highestRate = 1_000

export const StartForm = z.object({
  cannedResponseId: z.uuid('Choose one of the list.'),
  lettersPerSecond: z
    .preprocess(
      (typed) => (typed === '' ? undefined : typed),
      whole(highestRate, 'Type a whole number from 1 to 1,000.').optional(),
    )
    .transform((rate) => rate ?? usualRate),
  count: z
    .preprocess(
      (typed) => (typed === '' ? undefined : typed),
      whole(9_999_999, 'Type the number alone.').optional(),
    )
    .transform((count) => count ?? null),
})

/** What the address of a page about a campaign may hold; anything odd is as if it were not there. */
export const CampaignQuery = z.object({
  state: z.enum(shownStates).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
export const NewQuery = z.object({
  cannedResponseId: z.uuid().optional().catch(undefined),
  person: z.uuid().optional().catch(undefined),
})
