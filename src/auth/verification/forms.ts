import { z } from 'zod'
import { returnPath, emailAddress, passwordField, textField } from '../../platform/web/form.ts'

export const SendForm = z.object({ next: returnPath })
export const ConfirmForm = z.object({ token: textField.max(200) })
export const EmailForm = z.object({ email: emailAddress, password: passwordField })
