import { z } from 'zod'
import { hasNonAsciiLocalPart, isAddress, longestAddress, plainAddress } from '../email-address.ts'
import { ok, invalid, type Result } from '../result.ts'
import { plainName } from '../clean-pasted.ts'

const missingOrInvalid = (issue: { input?: unknown }) =>
  issue.input === undefined
    ? 'Enter a value.'
    : 'This came in a form that cannot be read. Enter it once, as text.'

/** Text that a person types. A NUL byte is refused, since PostgreSQL cannot store one. */
export const textField = z
  .string({ error: missingOrInvalid })
  .refine((value) => !value.includes('\0'), 'This contains a character that cannot be typed. Enter it again.')

/** A name: text on one line. */
export const singleLine = (missing: string, longest: number) =>
  textField
    .transform(plainName)
    .pipe(z.string().min(1, missing))
    .refine((value) => value.length <= longest, `A name has at most ${longest} characters.`)
    .refine(
      (value) => !/\p{Cc}/u.test(value),
      'This contains a character that cannot be typed. Enter it again.',
    )

/** The name of a person. Emails and pages show it, so it must not look like a link to a mail program. */
export const personName = (missing: string) =>
  singleLine(missing, 120).refine(
    (value) => !webAddress.test(value),
    'A name cannot contain a web address. Enter only the name.',
  )
const webAddress =
  /:\/\/|\bwww\.|[\p{L}\p{N}]\.\p{L}{2,}\/|[\p{L}\p{N}-]{3,}\.(\p{L}{2}|com|net|org|info|biz|app|dev|online|site|shop|store|xyz|link|click|top|live|page|cloud|email|mobi|pro|icu|club|vip|work)(?![\p{L}\p{N}-])/iu

/** A whole number within limits, which the message names. */
export const wholeNumber = (least: number, most: number, unit: string) => {
  const outside = `Enter a whole number of ${unit} from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`
  return textField
    .trim()
    .regex(/^\d{1,6}$/, outside)
    .transform(Number)
    .refine((number) => number >= least && number <= most, outside)
}

/** A reason: a few words that others read later. */
export const reasonField = (missing: string) =>
  textField
    .transform((typed) => typed.trim().replace(/\s+/g, ' '))
    .refine((words) => words.length <= 300, {
      error: ({ input }) => `Use at most 300 characters; this has ${String(input).length}.`,
      abort: true,
    })
    .refine((words) => /\S \S/.test(words) && words.length >= 8, missing)

/** An email address as accounts store it: lower case, the domain in ASCII, and valid for mail servers. */
export const emailAddress = textField
  .transform(plainAddress)
  .refine((value) => value.length <= longestAddress, {
    error: `An address has at most ${longestAddress} characters.`,
    abort: true,
  })
  .refine(isAddress, {
    error: ({ input }) =>
      hasNonAsciiLocalPart(input as string)
        ? 'Before the @, mail servers accept only a–z, digits and signs. Enter it as your mail program shows it.'
        : 'Enter an address such as sam@example.com.',
  })

/** A password, exactly as typed: never trimmed. The password policy decides whether it is good. */
export const passwordField = z.string({ error: missingOrInvalid }).min(1, 'Enter the password.')

/** A new password: whatever it is, the password policy checks it together with its confirmation. */
export const newPasswordField = z.string({ error: missingOrInvalid }).default('')

/** A checkbox: any value means ticked; absent means unticked. */
export const checkbox = z
  .unknown()
  .optional()
  .transform((value) => value !== undefined)

/** A filter field that may stay empty. */
export const optionalField = <Field extends z.ZodType<string>>(field: Field) =>
  z.preprocess((typed) => (typed === '' ? undefined : typed), field.optional())

/** An address to go back to; an invalid one is ignored. */
export const returnPath = textField.optional().catch(undefined)

/** A submitted form or a query. A field that came more than once is a list. */
export type Fields = Partial<Record<string, string | string[]>>

const Fields = z.record(z.string(), z.union([z.string(), z.array(z.string())])).catch({})

/** The fields of a submitted form or a query, valid or not. */
export const typedFields = (typed: unknown): Fields => Fields.parse(typed)

/** The text of a field, to show it again. */
export const textOf = (typed: unknown): string => (typeof typed === 'string' ? typed : '')

/** The fields that came once, to show them again. */
export const textsOf = (typed: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typedFields(typed)).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  )

/** The valid fields of a submitted form, so that more can be checked while the others are corrected. */
export function soundPart<Shape extends z.ZodRawShape>(form: z.ZodObject<Shape>, body: unknown) {
  const typed = typedFields(body)
  const valid = Object.entries(form.shape).flatMap(([name, field]) => {
    const parsed = z.safeParse(field, typed[name])
    return parsed.success ? [[name, parsed.data] as const] : []
  })
  return Object.fromEntries(valid) as Partial<z.output<typeof form>>
}

/** Parses a submitted form in the route. Each error belongs to its field. Unknown fields are dropped. */
export function parseForm<Form extends z.ZodType>(form: Form, body: unknown): Result<z.output<Form>> {
  const parsed = form.safeParse(body ?? {})
  if (parsed.success) return ok(parsed.data)
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? 'form')] ??= issue.message
  return invalid(errors)
}
