import { z } from 'zod'
import { backTo, secret, text, tick } from '../foundation/web/form.ts'

export const SignInForm = z.object({
  email: text
    .trim()
    .toLowerCase()
    .min(1, 'Type the email address of your account.')
    .max(254, 'An address has at most 254 characters.'),
  password: secret,
  remember: tick,
  next: backTo,
})
export type SignInForm = z.output<typeof SignInForm>
