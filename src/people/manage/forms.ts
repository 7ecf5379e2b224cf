import { z } from 'zod'
import { plainPhone } from '../../platform/clean-pasted.ts'
import { returnPath, emailAddress, personName, textField } from '../../platform/web/form.ts'

const longestPhone = 40

/** As people write it; none where it is left empty. */
const phoneNumber = textField
  .transform(plainPhone)
  .refine((value) => value.length <= longestPhone, `A phone number has at most ${longestPhone} characters.`)
  .refine(
    (value) => value === '' || sounds(value),
    'Type a phone number such as +44 20 7946 0018, or leave it empty.',
  )
  .transform((value) => value || null)

const sounds = (value: string) =>
  /^[\d ()+./-]+((x|ext\.?|#) *\d+)?$/i.test(value) && value.replace(/\D/g, '').length >= 3

/** What is chosen in a list; the empty choice is none. */
const choice = z.preprocess(
  (chosen) => (chosen === '' ? null : chosen),
  z.uuid({ error: 'Choose one of the list.' }).nullable(),
)

export const NewPersonForm = z.object({
  name: personName('Fill this in.'),
  email: emailAddress,
  phone: phoneNumber.optional(),
  teamId: choice.optional(),
})
export const NewUserForm = NewPersonForm.extend({ roleId: z.uuid({ error: 'Choose a role.' }) })

/** A field that is not there stays as it is. */
export const DetailsForm = NewPersonForm.partial().extend({
  /** The mark of the details as they were when the form was opened. */
  seen: textField.max(2000).optional(),
  returnTo: returnPath,
})
export const RoleForm = z.object({
  /** The address that the form showed: what follows is sent there, or not at all. */
  shownEmail: textField.max(400).toLowerCase().optional(),
  roleId: z.uuid({ error: 'Choose a role.' }).optional(),
  teamId: choice.optional(),
  returnTo: returnPath,
})
