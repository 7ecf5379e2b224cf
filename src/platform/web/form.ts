import { z } from 'zod'
import { hasForeignLetters, isAddress, longestAddress, plainAddress } from '../email-address.ts'
import { ok, invalid, type Result } from '../result.ts'
import { plainName } from '../clean-pasted.ts'

const missingOrOdd = (issue: { input?: unknown }) =>
  issue.input === undefined
    ? 'Fill this in.'
    : 'This came in a form that cannot be read. Fill it in once, as text.'

/** What a person types into a field. A NUL byte is refused here, since PostgreSQL cannot hold one. */
export const textField = z
  .string({ error: missingOrOdd })
  .refine((value) => !value.includes('\0'), 'This holds a character that cannot be typed. Type it again.')

/** A name: some words on one line. */
export const singleLine = (missing: string, longest: number) =>
  textField
    .transform(plainName)
    .pipe(z.string().min(1, missing))
    .refine((value) => value.length <= longest, `A name has at most ${longest} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'This holds a character that cannot be typed. Type it again.')

/** The name of a person, which emails and pages repeat: never something that a mail program makes a link of. */
export const personName = (missing: string) =>
  singleLine(missing, 120).refine(
    (value) => !webAddress.test(value),
    'A name cannot hold a web address. Type the name alone.',
  )
const webAddress =
  /:\/\/|\bwww\.|[\p{L}\p{N}]\.\p{L}{2,}\/|[\p{L}\p{N}-]{3,}\.(\p{L}{2}|com|net|org|info|biz|app|dev|online|site|shop|store|xyz|link|click|top|live|page|cloud|email|mobi|pro|icu|club|vip|work)(?![\p{L}\p{N}-])/iu

/** A whole number within bounds, which the message names. */
export const wholeNumber = (least: number, most: number, unit: string) => {
  const outside = `Type a whole number of ${unit} from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`
  return textField
    .trim()
    .regex(/^\d{1,6}$/, outside)
    .transform(Number)
    .refine((number) => number >= least && number <= most, outside)
}

/** Why somebody does something: some words, which others read later. */
export const reasonField = (missing: string) =>
  textField
    .transform((typed) => typed.trim().replace(/\s+/g, ' '))
    .refine((words) => words.length <= 300, {
      error: ({ input }) => `Use at most 300 characters; this has ${String(input).length}.`,
      abort: true,
    })
    .refine((words) => /\S \S/.test(words) && words.length >= 8, missing)

/** An address as accounts have them: in lower case, the domain in ASCII, and one that a mail server takes. */
export const emailAddress = textField
  .transform(plainAddress)
  .refine((value) => value.length <= longestAddress, {
    error: `An address has at most ${longestAddress} characters.`,
    abort: true,
  })
  .refine(isAddress, {
    error: ({ input }) =>
      hasForeignLetters(input as string)
        ? 'Before the @ mail servers take letters without accents, digits and signs alone. Type it as the mail program shows it.'
        : 'Type an address such as sam@example.com.',
  })

/** A password, to the letter: never trimmed. Whether it is good is for the password policy to say. */
export const passwordField = z.string({ error: missingOrOdd }).min(1, 'Fill this in.')

/** A password that is typed to be chosen: whatever it is, the password policy judges it along with its confirmation. */
export const newSecret = z.string({ error: missingOrOdd }).default('')

/** A tick-box: whatever a browser sends for a ticked one; absent means unticked. */
export const checkbox = z
  .unknown()
  .optional()
  .transform((value) => value !== undefined)

/** A field of a filter that may be left empty, which asks for nothing. */
export const optionalField = <Field extends z.ZodType<string>>(field: Field) =>
  z.preprocess((typed) => (typed === '' ? undefined : typed), field.optional())

/** An address to go back to; an odd one is as if it were not there. */
export const returnPath = textField.optional().catch(undefined)

/** Those fields of a submitted form that are right, so that more can be said about them while others are mended. */
export function soundPart<Shape extends z.ZodRawShape>(form: z.ZodObject<Shape>, body: unknown) {
  const typed = (body ?? {}) as Record<string, unknown>
  const sound = Object.entries(form.shape).flatMap(([name, field]) => {
    const parsed = z.safeParse(field, typed[name])
    return parsed.success ? [[name, parsed.data] as const] : []
  })
  return Object.fromEntries(sound) as Partial<z.output<typeof form>>
}

/** Reads a submitted form once, at the door; what is wrong comes back beside its field. Unknown fields are dropped. */
export function parseForm<Form extends z.ZodType>(form: Form, body: unknown): Result<z.output<Form>> {
  const parsed = form.safeParse(body ?? {})
  if (parsed.success) return ok(parsed.data)
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? 'form')] ??= issue.message
  return invalid(errors)
}
