import { z } from 'zod'
import { longestAddress, plainAddress } from '../foundation/email-address.ts'
import { backTo, secret, text, tick } from '../foundation/web/form.ts'

export const SignInForm = z.object({
  email: text
    .transform(plainAddress)
    .refine((value) => value !== '', 'Type the email address of your account.')
    .refine(
      (value) => value.length <= longestAddress,
      `An address has at most ${longestAddress} characters.`,
    ),
  password: secret,
  remember: tick,
  next: backTo,
})
export type SignInForm = z.output<typeof SignInForm>
