import { z } from 'zod'
import { backTo, newSecret, secret, tick } from '../foundation/web/form.ts'

/** A new password, twice. */
export const ChoiceForm = z.object({ newPassword: newSecret, confirmPassword: newSecret })

export const ChangeForm = ChoiceForm.extend({ currentPassword: newSecret })

export const ChangeForForm = ChoiceForm.extend({
  mustChange: tick,
  endSessions: tick,
  returnTo: backTo,
})

export const ConfirmPasswordForm = z.object({ password: secret, next: backTo })
