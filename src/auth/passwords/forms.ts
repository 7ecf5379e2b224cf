import { z } from 'zod'
import { callerFields, checkReason } from './caller-check/forms.ts'
import { returnPath, newPasswordField, passwordField, checkbox } from '../../platform/web/form.ts'

/** A new password, twice. */
export const ChoiceForm = z.object({ newPassword: newPasswordField, confirmPassword: newPasswordField })

export const ChangeOwnPasswordForm = ChoiceForm.extend({ currentPassword: newPasswordField })

export const SetUserPasswordForm = ChoiceForm.extend({
  mustChange: checkbox,
  endSessions: checkbox,
  returnTo: returnPath,
  ...callerFields,
}).superRefine(checkReason)

export const ConfirmPasswordForm = z.object({ password: passwordField, next: returnPath })
