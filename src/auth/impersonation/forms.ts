import { z } from 'zod'
import { returnPath, reasonField } from '../../platform/web/form.ts'

const reasonHint = 'Say why in a few words, such as “Cannot find Tuesday’s job sheet”.'

export const StartImpersonationForm = z.object({
  reason: reasonField(reasonHint),
  returnTo: returnPath,
})
