import { z } from 'zod'
import { textField } from '../../platform/web/form.ts'
import {
  breaksLink,
  charactersAfterLinks,
  linksStartWords,
  placeholders,
  unknownPlaceholders,
} from './placeholders.ts'

const known = Object.keys(placeholders)
  .map((name) => `{${name}}`)
  .join(' ')

const withKnownPlaceholders = <Field extends z.ZodType<string>>(field: Field) =>
  field.superRefine((value, context) => {
    const [unknown] = unknownPlaceholders(value)
    if (unknown === undefined) return
    context.addIssue({
      code: 'custom',
      message: `${unknown} is not a placeholder. Use one of these: ${known}.`,
    })
  })

const singleLine = (max: number, missing: string) =>
  textField
    .trim()
    .min(1, missing)
    .max(max, `Use at most ${max} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'Use one line only.')

/** Browsers end lines with CR LF. */
const multiline = textField.transform((value) => value.replace(/\r\n?/g, '\n').trim())

export const CannedResponseForm = z.object({
  name: singleLine(80, 'Enter a name.'),
  subject: withKnownPlaceholders(singleLine(150, 'Enter a subject.')).refine(
    (value) => !value.includes('{reset_link}'),
    'Remove {reset_link}: subjects show in lists and on locked screens.',
  ),
  body: withKnownPlaceholders(
    multiline.pipe(z.string().min(1, 'Enter a text.').max(2500, 'Use at most 2,500 characters.')),
  )
    .refine(
      (value) => value.includes('{reset_link}'),
      'Add {reset_link} where the link belongs: without it no one can choose a new password.',
    )
    .refine(
      linksStartWords,
      'Put a space or a new line before {reset_link}: directly after other text, such as the address of another site, its secret would be sent there.',
    )
    .refine(
      (value) => !charactersAfterLinks(value).some(breaksLink),
      'Put a space or a new line after {reset_link}: otherwise the link does not open.',
    ),
})
export type CannedText = z.output<typeof CannedResponseForm>
