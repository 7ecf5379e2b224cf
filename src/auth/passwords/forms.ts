import { z } from 'zod'
import { returnPath, newSecret, passwordField, checkbox } from '../../platform/web/form.ts'

/** A new password, twice. */
export const ChoiceForm = z.object({ newPassword: newSecret, confirmPassword: newSecret })

export const ChangeOwnPasswordForm = ChoiceForm.extend({ currentPassword: newSecret })

export const SetUserPasswordForm = ChoiceForm.extend({
  mustChange: checkbox,
  endSessions: checkbox,
  returnTo: returnPath,
})

export const ConfirmPasswordForm = z.object({ password: passwordField, next: returnPath })
