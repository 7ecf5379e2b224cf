import { writtenAddress } from '../email-address.ts'
import { withPhone } from '../office-phone.ts'
import { inEmail } from '../web/dates.ts'
import { renderView } from '../views.ts'

/** The content of an email, for both its HTML and its text part. It never holds a password. */
export interface EmailContent {
  subject: string
  preheader: string
  heading: string
  greeting: string
  paragraphs: string[]
  /** An address in the paragraphs to format as a link. */
  linkText?: string
  details: [string, string][]
  callout?: { heading: string; text: string }
  button?: { label: string; href: string }
  /** A line under the button, or under a link in the paragraphs, that says how long it works. */
  footnote?: string
}

/** What a template can use when an email is rendered at delivery. */
export interface EmailContext {
  company: { name: string; timeZone: string; officePhone: string | null }
  baseUrl: string
  /** The address of the email's single-use link, if its row names one. */
  link?: string
  /** The code that the email is about, if its row names a caller check. */
  code?: string
}

/**
 * For a link whose page offers a new one after it expired: people read in the evening what was sent in the morning.
 */
export const renewal = (link = 'it') => `If ${link} has expired, open it anyway: one press sends a new one.`

/** For an email about a change after which its reader signs in. */
export const signIn = ({ baseUrl }: EmailContext) => ({ label: 'Sign in', href: `${baseUrl}/sign-in` })

/** Templates by name, each from the data of an email's row. Links are created at delivery, so no row holds one. */
export type EmailTemplates = Record<string, (data: unknown, context: EmailContext) => EmailContent>

/**
 * Returns the path of an email's link. The composition root passes it in, since `auth/links` comes after `platform`.
 */
export type LinkPath = (linkId: string) => Promise<string>

/** Returns the code of a caller check. The composition root passes it in. */
export type CallerCodeOf = (checkId: string) => Promise<string>

/** The context of one email, with the link and the code that its row names. */
export async function emailContext(
  data: Record<string, unknown>,
  context: EmailContext,
  pathOf: LinkPath,
  codeOf: CallerCodeOf,
): Promise<EmailContext> {
  const { linkId, callerCheckId } = data
  return {
    ...context,
    ...(typeof linkId === 'string' ? { link: context.baseUrl + (await pathOf(linkId)) } : {}),
    ...(typeof callerCheckId === 'string' ? { code: await codeOf(callerCheckId) } : {}),
  }
}

/** Monday 9 March 2026, 09:41 UTC */
export const formatDateTime = (at: Date, { company }: EmailContext): string => inEmail(at, company.timeZone)

/** What the views of an email see. */
export interface EmailLocals {
  email: EmailContent
  company: { name: string }
}

export interface RenderedEmail {
  subject: string
  html: string
  text: string
}

export function renderEmail(
  templates: EmailTemplates,
  template: string,
  data: unknown,
  context: EmailContext,
): RenderedEmail {
  const renderContent = templates[template]
  if (!renderContent) throw new Error(`There is no email template ${template}`)
  const email = withOfficePhone(renderContent(data, context), context)
  const details = email.details.map(([name, value]): [string, string] => [name, writtenAddress(value)])
  const locals: EmailLocals = { email: { ...email, details }, company: context.company }
  const html = renderView('emails/email.html', locals)
  return { subject: locals.email.subject, html, text: renderView('emails/email.text', locals) }
}

/** “Call your office” with its number, wherever an email says it. */
const withOfficePhone = (email: EmailContent, { company }: EmailContext): EmailContent => {
  const add = (text: string) => withPhone(text, company.officePhone)
  const { paragraphs, callout, footnote } = email
  return {
    ...email,
    paragraphs: paragraphs.map(add),
    ...(callout ? { callout: { ...callout, text: add(callout.text) } } : {}),
    ...(footnote === undefined ? {} : { footnote: add(footnote) }),
  }
}
