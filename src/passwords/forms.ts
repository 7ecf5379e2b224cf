import { z } from 'zod'
import { backTo, secret, tick } from '../foundation/web/form.ts'

export const ChangeForm = z.object({ currentPassword: secret, newPassword: secret, confirmPassword: secret })

export const ChangeForForm = z.object({
  newPassword: secret,
  confirmPassword: secret,
  mustChange: tick,
  endSessions: tick,
  returnTo: backTo,
})

export const ConfirmPasswordForm = z.object({ password: secret, next: backTo })
