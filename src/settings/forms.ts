import { z } from 'zod'
import { phoneNumber } from '../people/manage/forms.ts'
import { singleLine, textField, checkbox, wholeNumber } from '../platform/web/form.ts'
import { bounds } from './policy.ts'

const maxWords = 100
const maxWordLength = 60

/** Banned words, one a line. Each needs three alphabetic characters in a row, since shorter ones are never checked. */
const contextWords = textField
  .transform((typed) => [
    ...new Set(
      typed
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ])
  .refine((lines) => lines.length <= maxWords, `Enter at most ${maxWords} words.`)
  .refine(
    (lines) =>
      lines.every((line) => /\p{L}{3}/u.test(line) && line.length <= maxWordLength && !/\p{Cc}/u.test(line)),
    `Enter one word or name a line, with 3 to ${maxWordLength} characters and at least 3 from the alphabet in a row.`,
  )

/** `minimum`: the shortest password that the server's environment allows. */
export function policyForm(minimum: number) {
  const { passwordMinLength, temporaryPasswordHours, sessionIdleMinutes, sessionHours, rememberDays } = bounds
  const min = Math.max(passwordMinLength.min, minimum)
  return z.object({
    passwordMinLength: wholeNumber(min, passwordMinLength.max, 'characters'),
    lastingPasswordsAllowed: checkbox,
    temporaryPasswordHours: wholeNumber(temporaryPasswordHours.min, temporaryPasswordHours.max, 'hours'),
    sessionIdleMinutes: wholeNumber(sessionIdleMinutes.min, sessionIdleMinutes.max, 'minutes'),
    sessionHours: wholeNumber(sessionHours.min, sessionHours.max, 'hours'),
    rememberDays: wholeNumber(rememberDays.min, rememberDays.max, 'days'),
    contextWords,
    /** Browsers do not send a box that is not ticked. */
    callerCheck: z.enum(['off', 'required'], 'Choose whether a caller check is required.').default('off'),
  })
}

export const CompanyForm = z.object({
  name: singleLine('Enter the name of the company.', 120),
  timeZone: textField,
  /** Not changed if it is not sent. */
  officePhone: phoneNumber.optional(),
})

export const TeamForm = z.object({ name: singleLine('Enter a name for the team.', 80) })

/** The version that the form was opened with. An invalid one counts as outdated. */
export const Version = z.coerce.number().int().catch(0)
