import { z } from 'zod'
import { backTo, reason } from '../foundation/web/form.ts'

const fewWords = 'Say why in a few words, such as “Cannot find Tuesday’s job sheet”.'

export const BeginForm = z.object({
  reason: reason(fewWords),
  returnTo: backTo,
})
