import { z } from 'zod'
import { backTo, emailAddress, secret } from '../foundation/web/form.ts'

export const ForgotForm = z.object({ email: emailAddress })
export const ResetForm = z.object({ newPassword: secret, confirmPassword: secret })
export const OfficeForm = z.object({ returnTo: backTo })
