import { z } from 'zod'
import { singleLine, textField, checkbox, wholeNumber } from '../platform/web/form.ts'
import { bounds } from './policy.ts'

const mostWords = 100
const longestWord = 60

/** One a line, each once; what has fewer than three letters in a row would never be asked about. */
const contextWords = textField
  .transform((typed) => [
    ...new Set(
      typed
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ])
  .refine((lines) => lines.length <= mostWords, `Keep to ${mostWords} words at most.`)
  .refine(
    (lines) =>
      lines.every((line) => /\p{L}{3}/u.test(line) && line.length <= longestWord && !/\p{Cc}/u.test(line)),
    `Write one word or name a line, with three letters or more and at most ${longestWord} characters.`,
  )

/** `floor`: what the server's own settings ask for at least. */
export function policyForm(floor: number) {
  const { passwordMinLength, temporaryPasswordHours, sessionIdleMinutes, sessionHours, rememberDays } = bounds
  const least = Math.max(passwordMinLength.least, floor)
  return z.object({
    passwordMinLength: wholeNumber(least, passwordMinLength.most, 'characters'),
    lastingPasswordsAllowed: checkbox,
    temporaryPasswordHours: wholeNumber(temporaryPasswordHours.least, temporaryPasswordHours.most, 'hours'),
    sessionIdleMinutes: wholeNumber(sessionIdleMinutes.least, sessionIdleMinutes.most, 'minutes'),
    sessionHours: wholeNumber(sessionHours.least, sessionHours.most, 'hours'),
    rememberDays: wholeNumber(rememberDays.least, rememberDays.most, 'days'),
    contextWords,
  })
}

export const CompanyForm = z.object({
  name: singleLine('Type the name of the company.', 120),
  timeZone: textField,
})

export const TeamForm = z.object({ name: singleLine('Give the team a name.', 80) })

/** Which save of a page its form was filled from; an odd one is an old one. */
export const Version = z.coerce.number().int().catch(0)
