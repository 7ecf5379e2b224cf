import { z } from 'zod'
import { backTo, text } from '../foundation/web/form.ts'

const fewWords = 'Say why in a few words, such as “Cannot find Tuesday’s job sheet”.'

export const BeginForm = z.object({
  reason: text
    .transform((typed) => typed.trim().replace(/\s+/g, ' '))
    .refine((reason) => /\S \S/.test(reason) && reason.length >= 8, fewWords)
    .refine((reason) => reason.length <= 300, 'Use at most 300 characters.'),
  returnTo: backTo,
})
