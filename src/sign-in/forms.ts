import { z } from 'zod'
import { secret, text, tick } from '../foundation/web/form.ts'

export const SignInForm = z.object({
  email: text
    .trim()
    .toLowerCase()
    .min(1, 'Type the email address of your account.')
    .max(254, 'An address has at most 254 characters.'),
  password: secret,
  remember: tick,
  next: text.optional(),
})
export type SignInForm = z.output<typeof SignInForm>
