import { z } from 'zod'
import { textField } from '../platform/web/form.ts'
import { stateFilters } from './progress/queries.ts'

const wholeNumber = (max: number, message: string) =>
  textField
    .trim()
    .regex(/^\d{1,7}$/, message)
    .transform(Number)
    .refine((number) => number >= 1 && number <= max, message)

export const defaultRate = 5
export const maxRate = 1_000

export const StartForm = z.object({
  cannedResponseId: z.uuid('Choose a canned response.'),
  emailsPerSecond: z
    .preprocess(
      (typed) => (typed === '' ? undefined : typed),
      wholeNumber(maxRate, 'Enter a whole number from 1 to 1,000.').optional(),
    )
    .transform((rate) => rate ?? defaultRate),
  count: z
    .preprocess(
      (typed) => (typed === '' ? undefined : typed),
      wholeNumber(9_999_999, 'Enter only the number.').optional(),
    )
    .transform((count) => count ?? null),
})

/** The query of a campaign's page. Invalid values are ignored. */
export const CampaignQuery = z.object({
  state: z.enum(stateFilters).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
export const NewQuery = z.object({
  cannedResponseId: z.uuid().optional().catch(undefined),
  person: z.uuid().optional().catch(undefined),
})
