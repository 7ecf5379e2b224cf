import { z } from 'zod'
import { isAddress, plainAddress } from '../platform/email-address.ts'
import { reasonField, textField, wholeNumber } from '../platform/web/form.ts'
import { definitions, type AutomationKey } from './definitions.ts'

export const bounds = {
  days: { least: 30, most: 1095 },
  graceHours: { least: 1, most: 72 },
  peopleADay: { least: 1, most: 10_000 },
}
const furthestAhead = 90
const mostExempt = 1_000

const number = (name: keyof typeof bounds, unit: string) =>
  wholeNumber(bounds[name].least, bounds[name].most, unit)

/** Ticked boxes of one name: none, one, or a list. */
const ids = z
  .union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(500)], {
    error: 'Tick from the list: this came in a form that cannot be read.',
  })
  .default([])

/** "14, 7, 1": each once, the furthest first. */
const daysAhead = textField
  .transform((typed) => [...new Set(typed.split(/[\s,;]+/).filter(Boolean))])
  .refine(
    (days) => days.length >= 1 && days.length <= 5 && days.every(isDayAhead),
    `Type one to five numbers of days from 1 to ${furthestAhead}, such as 14, 7, 1.`,
  )
  .transform((days) => days.map(Number).sort((a, b) => b - a))

const isDayAhead = (day: string) => /^\d{1,2}$/.test(day) && Number(day) >= 1 && Number(day) <= furthestAhead

/** One address a line. */
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
  .refine((lines) => lines.length <= mostExempt, `Exempt at most ${mostExempt.toLocaleString('en')} people.`)
  .superRefine((lines, context) => {
    const odd = lines.find((line) => !isAddress(line))
    if (odd)
      context.addIssue({ code: 'custom', message: `“${odd.slice(0, 80)}” is no address. Write one a line.` })
  })

/** What an automation asks for; whom it concerns only where it does not go by another. */
export function settingsForm(key: AutomationKey) {
  const { settings: asks, audienceOf: whomOf } = definitions[key]
  const when = {
    every: z.enum(['hour', 'day', 'weekday'], { error: 'Choose one of the list.' }),
    runAt: textField.trim().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Type a time such as 07:00.'),
    peopleADay: number('peopleADay', 'people'),
  }
  const own = whomOf === key
  const shape = {
    ...when,
    roleIds: own
      ? ids
      : z
          .unknown()
          .optional()
          .transform((): string[] => []),
    teamIds: own
      ? ids
      : z
          .unknown()
          .optional()
          .transform((): string[] => []),
    exempt: own
      ? addresses
      : z
          .unknown()
          .optional()
          .transform((): string[] => []),
    days: asks.includes('days') ? number('days', 'days') : none,
    graceHours: asks.includes('graceHours') ? number('graceHours', 'hours') : none,
    daysAhead: asks.includes('daysAhead') ? daysAhead : none,
  }
  return z.object(shape)
}

const none = z
  .unknown()
  .optional()
  .transform(() => null)

const why = z
  .unknown()
  .transform((typed) => typed ?? '') // the switch of the list sends none
  .pipe(reasonField('Say why you switch it on, in a few words. It is kept with your name.'))

/** On wants a reason, off does not. */
export const SwitchForm = z.discriminatedUnion(
  'to',
  [
    z.object({ to: z.literal('on'), reason: why }),
    z.object({ to: z.literal('off'), reason: textField.optional().transform(() => '') }),
  ],
  { error: 'Choose on or off.' },
)

/** Which save the form was filled from; an odd one is an old one. */
export const Version = z.coerce.number().int().catch(0)
