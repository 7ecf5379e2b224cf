import { z } from 'zod'
import { backTo, emailAddress, secret, text } from '../foundation/web/form.ts'

export const SendForm = z.object({ next: backTo })
export const ConfirmForm = z.object({ token: text.max(200) })
export const EmailForm = z.object({ email: emailAddress, password: secret })
