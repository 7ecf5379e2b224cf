import path from 'node:path'
import { writtenAddress } from '../email-address.ts'
import { renderView, viewsFolder } from '../views.ts'

/** A letter as it is written: the same for its HTML and its text part. It never holds a password. */
export interface EmailContent {
  subject: string
  preheader: string
  heading: string
  greeting: string
  paragraphs: string[]
  /** An address that stands in the paragraphs, where it can be pressed. */
  linkText?: string
  details: [string, string][]
  callout?: { heading: string; text: string }
  button?: { label: string; href: string }
  /** A line under the button, or under a link among the paragraphs: how long it works. */
  footnote?: string
}

/** What a letter can ask for when it is written, at delivery. */
export interface EmailContext {
  company: { name: string; timeZone: string }
  baseUrl: string
  /** The address of the single-use link that this letter carries, if its row names one. */
  link?: string
}

/** Of a link whose page offers a new one when it is too late: people read in the evening what was sent in the morning. */
export const renewal = (link = 'it') => `If ${link} has expired, open it anyway: one press sends a new one.`

/** Where a letter tells of a change after which its reader signs in. */
export const signIn = ({ baseUrl }: EmailContext) => ({ label: 'Sign in', href: `${baseUrl}/sign-in` })

/** How the letter of a template is written from what its row holds. Links are made here, so no row holds one. */
export type EmailTemplates = Record<string, (data: unknown, setting: EmailContext) => EmailContent>

/** Finds the path of the link that a letter carries; the house above knows how links are made. */
export type LinkPath = (linkId: string) => Promise<string>

/** The setting of one letter, with its link where its row names one. */
export async function emailContext(
  data: Record<string, unknown>,
  setting: EmailContext,
  path: LinkPath,
): Promise<EmailContext> {
  if (typeof data.linkId !== 'string') return setting
  return { ...setting, link: setting.baseUrl + (await path(data.linkId)) }
}

/** Monday 9 March 2026, 09:41 UTC */
export function formatDateTime(at: Date, { company: { timeZone } }: EmailContext): string {
  const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at)
  return `${show(day).replace(',', '')}, ${show({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })}`
}

export interface RenderedEmail {
  subject: string
  html: string
  text: string
}

export async function renderEmail(
  book: EmailTemplates,
  template: string,
  data: unknown,
  setting: EmailContext,
): Promise<RenderedEmail> {
  const author = book[template]
  if (!author) throw new Error(`No letter is called ${template}`)
  const email = author(data, setting)
  const details = email.details.map(([name, value]) => [name, writtenAddress(value)])
  const locals = { email: { ...email, details }, company: setting.company }
  const render = (file: string) => renderView(path.join(viewsFolder, 'emails', file), locals)
  const [html, text] = [await render('email.html.ejs'), await render('email.text.ejs')]
  return { subject: locals.email.subject, html, text }
}
