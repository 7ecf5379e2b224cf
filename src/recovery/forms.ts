import { z } from 'zod'
import { emailAddress, secret } from '../foundation/web/form.ts'

export const ForgotForm = z.object({ email: emailAddress })
export const ResetForm = z.object({ newPassword: secret, confirmPassword: secret })
