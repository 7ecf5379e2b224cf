import { z } from 'zod'
import { plainPhone } from '../../platform/clean-pasted.ts'
import { returnPath, emailAddress, personName, textField } from '../../platform/web/form.ts'

const maxPhoneLength = 40

/** A phone number as people write it; null if empty. */
export const phoneNumber = textField
  .transform(plainPhone)
  .refine(
    (value) => value.length <= maxPhoneLength,
    `A phone number has at most ${maxPhoneLength} characters.`,
  )
  .refine(
    (value) => value === '' || isPhoneNumber(value),
    'Enter a phone number such as +44 20 7946 0018, or leave it empty.',
  )
  .transform((value) => value || null)

const isPhoneNumber = (value: string) =>
  /^[\d ()+./-]+((x|ext\.?|#) *\d+)?$/i.test(value) && value.replace(/\D/g, '').length >= 3

/** An option of a list; the empty option is null. */
const choice = z.preprocess(
  (chosen) => (chosen === '' ? null : chosen),
  z.uuid({ error: 'Choose an option.' }).nullable(),
)

export const NewPersonForm = z.object({
  name: personName('Enter a name.'),
  email: emailAddress,
  phone: phoneNumber.optional(),
  teamId: choice.optional(),
})
export const NewUserForm = NewPersonForm.extend({ roleId: z.uuid({ error: 'Choose a role.' }) })

/** Fields that are not sent do not change. */
export const DetailsForm = NewPersonForm.partial().extend({
  /** The version token of the details that the form was opened with. */
  seen: textField.max(2000).optional(),
  returnTo: returnPath,
})
export const RoleForm = z.object({
  /** The email address that the form showed. The notice is sent there, or nothing is changed. */
  shownEmail: textField.max(400).toLowerCase().optional(),
  roleId: z.uuid({ error: 'Choose a role.' }).optional(),
  teamId: choice.optional(),
  returnTo: returnPath,
})
