import { z } from 'zod'
import { emailAddress } from '../foundation/web/form.ts'

export const ForgotForm = z.object({ email: emailAddress })
