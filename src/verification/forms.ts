import { z } from 'zod'
import { emailAddress, secret, text } from '../foundation/web/form.ts'

export const SendForm = z.object({ next: text.optional() })
export const ConfirmForm = z.object({ token: text.max(200) })
export const EmailForm = z.object({ email: emailAddress, password: secret })
