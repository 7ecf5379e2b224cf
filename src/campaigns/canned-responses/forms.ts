import { z } from 'zod'
import { textField } from '../../platform/web/form.ts'
import { behindLink, linksStandAlone, placeholders, spoilsLink, unknownIn } from './placeholders.ts'

const known = Object.keys(placeholders)
  .map((name) => `{${name}}`)
  .join(' ')

const withKnownPlaces = <Field extends z.ZodType<string>>(field: Field) =>
  field.superRefine((value, context) => {
    const [unknown] = unknownIn(value)
    if (unknown === undefined) return
    context.addIssue({ code: 'custom', message: `${unknown} cannot be filled in. These can: ${known}.` })
  })

const oneLine = (most: number) =>
  textField
    .trim()
    .min(1, 'Fill this in.')
    .max(most, `Use at most ${most} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'Write it in one line.')

/** Browsers end lines by CR LF. */
const lines = textField.transform((value) => value.replace(/\r\n?/g, '\n').trim())

export const CannedResponseForm = z.object({
  name: oneLine(80),
  subject: withKnownPlaces(oneLine(150)).refine(
    (value) => !value.includes('{reset_link}'),
    'A subject shows in lists and on locked screens, so the link may not stand in it.',
  ),
  body: withKnownPlaces(
    lines.pipe(z.string().min(1, 'Fill this in.').max(2500, 'Use at most 2,500 characters.')),
  )
    .refine(
      (value) => value.includes('{reset_link}'),
      'Put {reset_link} where the link is to stand: without it nobody could choose a new password.',
    )
    .refine(
      linksStandAlone,
      'Put a space or a new line before {reset_link}: behind other text, such as the address of another site, its secret would go there.',
    )
    .refine(
      (value) => !behindLink(value).some(spoilsLink),
      'Leave a space or start a new line after {reset_link}: the link would not open.',
    ),
})
export type CannedText = z.output<typeof CannedResponseForm>
