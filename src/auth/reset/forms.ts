import { z } from 'zod'
import { emailAddress } from '../../platform/web/form.ts'

export const ForgotForm = z.object({ email: emailAddress })
