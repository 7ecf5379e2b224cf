import { z } from 'zod'
import { backTo, emailAddress, text } from '../../foundation/web/form.ts'

// Control characters cannot be typed; those that turn the direction of writing let a name pass for another.
const untypable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

const personName = text
  .trim()
  .min(1, 'Fill this in.')
  .max(120, 'A name has at most 120 characters.')
  .refine((value) => !untypable.test(value), 'This holds a character that cannot be typed. Type it again.')

/** As people write it; none where it is left empty. */
const phoneNumber = text
  .trim()
  .max(40, 'A phone number has at most 40 characters.')
  .refine(
    (value) => value === '' || sounds(value),
    'Type a phone number such as +44 20 7946 0018, or leave it empty.',
  )
  .transform((value) => value || null)

const sounds = (value: string) =>
  /^[\d\s()+./-]+((x|ext\.?|#)\s*\d+)?$/i.test(value) && value.replace(/\D/g, '').length >= 3

/** What is chosen in a list; the empty choice is none. */
const choice = z.preprocess(
  (chosen) => (chosen === '' ? null : chosen),
  z.uuid({ error: 'Choose one of the list.' }).nullable(),
)

export const NewPersonForm = z.object({
  name: personName,
  email: emailAddress,
  phone: phoneNumber.optional(),
  teamId: choice.optional(),
})
export const NewUserForm = NewPersonForm.extend({ roleId: z.uuid({ error: 'Choose a role.' }) })

/** A field that is not there stays as it is. */
export const DetailsForm = NewPersonForm.partial().extend({
  /** The mark of the details as they were when the form was opened. */
  seen: text.max(2000).optional(),
  returnTo: backTo,
})
export const RoleForm = z.object({
  roleId: z.uuid({ error: 'Choose a role.' }).optional(),
  teamId: choice.optional(),
  returnTo: backTo,
})
