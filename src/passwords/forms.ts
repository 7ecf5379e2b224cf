import { z } from 'zod'
import { secret, text, tick } from '../foundation/web/form.ts'

export const ChangeForm = z.object({ currentPassword: secret, newPassword: secret, confirmPassword: secret })

export const ChangeForForm = z.object({
  newPassword: secret,
  confirmPassword: secret,
  mustChange: tick,
  endSessions: tick,
  returnTo: text.optional(),
})

export const ConfirmPasswordForm = z.object({ password: secret, next: text.optional() })
