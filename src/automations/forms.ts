import { z } from 'zod'
import { isAddress, plainAddress } from '../platform/email-address.ts'
import { reasonField, textField, wholeNumber } from '../platform/web/form.ts'
import { definitions, type AutomationKey } from './definitions.ts'

export const bounds = {
  days: { min: 30, max: 1095 },
  graceHours: { min: 1, max: 72 },
  peopleADay: { min: 1, max: 10_000 },
}
const maxDaysAhead = 90
const maxExempt = 1_000

const number = (name: keyof typeof bounds, unit: string) =>
  wholeNumber(bounds[name].min, bounds[name].max, unit)

/** Checkboxes of one name: none, one, or a list. */
const ids = z
  .union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(500)], {
    error: 'Choose from the list.',
  })
  .default([])

/** "14, 7, 1": without duplicates, the largest first. */
const daysAhead = textField
  .transform((typed) => [...new Set(typed.split(/[\s,;]+/).filter(Boolean))])
  .refine(
    (days) => days.length >= 1 && days.length <= 5 && days.every(isDayAhead),
    `Enter one to five numbers of days from 1 to ${maxDaysAhead}, such as 14, 7, 1.`,
  )
  .transform((days) => days.map(Number).sort((a, b) => b - a))

const isDayAhead = (day: string) => /^\d{1,2}$/.test(day) && Number(day) >= 1 && Number(day) <= maxDaysAhead

/** One email address a line. */
const addresses = textField
  .transform((typed) => [
    ...new Set(
      typed
        .split(/[\s,;]+/)
        .map(plainAddress)
        .filter(Boolean)
        .sort(),
    ),
  ])
  .refine((lines) => lines.length <= maxExempt, `Exempt at most ${maxExempt.toLocaleString('en')} people.`)
  .superRefine((lines, context) => {
    const wrong = lines.find((line) => !isAddress(line))
    if (wrong)
      context.addIssue({
        code: 'custom',
        message: `“${wrong.slice(0, 80)}” is not an email address. Enter one a line.`,
      })
  })

/** The settings form of an automation. Roles, teams and exemptions are on it only if it does not use those of another. */
export function settingsForm(key: AutomationKey) {
  const { settings, audienceOf } = definitions[key]
  const ownAudience = audienceOf === key
  return z.object({
    every: z.enum(['hour', 'day', 'weekday'], { error: 'Choose an option.' }),
    runAt: textField.trim().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time such as 07:00.'),
    peopleADay: number('peopleADay', 'people'),
    roleIds: ownAudience ? ids : emptyList,
    teamIds: ownAudience ? ids : emptyList,
    exempt: ownAudience ? addresses : emptyList,
    days: settings.includes('days') ? number('days', 'days') : none,
    graceHours: settings.includes('graceHours') ? number('graceHours', 'hours') : none,
    daysAhead: settings.includes('daysAhead') ? daysAhead : none,
  })
}

const none = z
  .unknown()
  .optional()
  .transform(() => null)
const emptyList = z
  .unknown()
  .optional()
  .transform((): string[] => [])

const reason = z
  .unknown()
  .transform((typed) => typed ?? '') // the switch of the list sends none
  .pipe(reasonField('Enter why you turn it on, in a few words. It is kept with your name.'))

/** Turning on needs a reason, turning off does not. */
export const SwitchForm = z.discriminatedUnion(
  'to',
  [
    z.object({ to: z.literal('on'), reason }),
    z.object({ to: z.literal('off'), reason: textField.optional().transform(() => '') }),
  ],
  { error: 'Choose on or off.' },
)

/** The version that the form was opened with. An invalid one counts as outdated. */
export const Version = z.coerce.number().int().catch(0)
