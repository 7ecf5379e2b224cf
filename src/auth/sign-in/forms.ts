import { z } from 'zod'
import { longestAddress, plainAddress } from '../../platform/email-address.ts'
import { returnPath, passwordField, textField, checkbox } from '../../platform/web/form.ts'

export const SignInForm = z.object({
  email: textField
    .transform(plainAddress)
    .refine((value) => value !== '', 'Enter the email address of your account.')
    .refine(
      (value) => value.length <= longestAddress,
      `An address has at most ${longestAddress} characters.`,
    ),
  password: passwordField,
  remember: checkbox,
  next: returnPath,
})
export type SignInForm = z.output<typeof SignInForm>
