import type { Request, RequestHandler, Response } from 'express'
import type { Errors } from '../result.ts'
import { writtenAddress } from '../email-address.ts'
import { counted } from '../counted.ts'
import { firstName, initials } from '../person-names.ts'
import { renderView, type Html } from '../views.ts'
import { withPhoneLink } from '../office-phone.ts'
import { clock, day, deadline, dayAndTime, inSentence, time, weekdayAndDay } from './dates.ts'
import { takeFlash, type Flash } from './flash.ts'
import type { StaticFiles } from './static-files.ts'
import { refill } from './refill-form.ts'
import { isLive } from './request-log.ts'
import { staleNotice } from './stale-form.ts'
import { takeUnsaved, unsavedField } from './unsaved.ts'

/** What every view sees, also without a session or a database, until its request says otherwise. */
export function viewLocals(companyName: string, addressOf: StaticFiles['urlOf']): RequestHandler {
  const sprite = addressOf('icons.svg')
  const icon = (name: string) =>
    `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"/></svg>` as Html
  const constants = { icon, counted, initials, firstName, writtenAddress, capitalized, file: addressOf }
  const unknown = { name: companyName, timeZone: 'UTC', rememberDays: 0, sessionHours: 0, officePhone: null }
  return (req, res, next) => {
    res.locals = {
      ...constants,
      actor: null,
      can: () => false,
      mobile: false,
      settingsTabs: [],
      company: unknown,
      path: req.path,
      here: req.originalUrl,
      csrfToken: () => '',
    } satisfies Partial<Express.Locals> as never // the rest comes with the page
    next()
  }
}

declare global {
  /** The locals of each page, by the name of its view. The file that renders a page adds them. */
  interface Views {}
}

/** What any page may say about itself. */
interface PageOptions {
  title: string
  layout?: 'auth' | 'mobile'
  /** For a page of one column. */
  narrow?: boolean
  errors?: Errors
  /** What it says if it is shown in place of carrying out a form; null if its view says it itself. */
  unsavedText?: Partial<Pick<Flash, 'title' | 'text'>> | null
}

/** What every view sees beside `res.locals`. */
export interface CommonLocals extends PageOptions {
  errors: Errors
  error: boolean
  /** The value of the hidden field that remembers a form that was not carried out. */
  unsaved: string | undefined
  flash: (Omit<Flash, 'kind'> & { kind?: 'ok' | 'warn' | 'bad' }) | null
}

/** Renders a view inside its layout. Nothing that a person sends becomes an EJS option. */
export function renderPage<Page extends keyof Views>(
  res: Response,
  view: Page,
  locals: PageOptions & Views[Page],
  status = 200,
): void {
  const { req } = res
  const { staleForm: stale, reference } = req
  const code = stale && status === 200 ? 403 : status
  const unsaved = takeUnsaved(req)
  const shown = {
    ...(res.locals as Express.Locals),
    ...localsOf(res.locals.company),
    errors: {},
    error: stale !== undefined || status === 422 || status === 429,
    flash: stale ? staleNotice(reference) : (flashFor(req) ?? (unsaved ? unsavedNotice(locals) : null)),
    unsaved: unsavedField(req),
    ...locals,
  }
  const body = renderView(view, shown)
  const html = renderView(layoutOf(locals, shown.mobile), { ...shown, body })
  sendHtml(res.status(code), stale ? refill(html, stale) : html)
}

/** Sends a page without what Express's own `send` does for answers that a cache may keep. */
function sendHtml(res: Response, html: string): void {
  const bytes = Buffer.from(html)
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Content-Length', bytes.length)
  res.end(bytes)
}

/** What depends on the settings of the company. */
const localsOf = ({ timeZone, officePhone }: Express.Locals['company']) => ({
  ...datesIn(timeZone),
  withOfficePhone: (text: string) => withPhoneLink(text, officePhone),
})

const flashFor = (req: Request) => (isLive(req) ? null : takeFlash(req))

/** Says that a form was not carried out because this page comes first; a page may say it in its own words. */
function unsavedNotice({ unsavedText }: PageOptions): Flash | null {
  if (unsavedText === null) return null
  return {
    title: 'Nothing was changed.',
    text: 'What you had typed or chosen was not kept.',
    kind: 'warn',
    ...unsavedText,
  }
}

function layoutOf({ layout }: PageOptions, mobile: boolean): string {
  if (layout) return `layouts/${layout}`
  return mobile ? 'layouts/mobile' : 'layouts/main'
}

/** The company's time zone, for all dates that people see. */
export const timeZoneOf = (res: Response): string => res.locals.company.timeZone

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

type ShownDates = Record<keyof typeof dateStyles, (date: Date | null) => string>
const dateStyles = { day, when: dayAndTime, hour: time, clock, inSentence, deadline, weekdayAndDay }
const datesByZone = new Map<string, ShownDates>()

/** The ways in which views show a date, in a time zone. */
function datesIn(zone: string): ShownDates {
  const made = datesByZone.get(zone)
  if (made) return made
  const styles = Object.entries(dateStyles)
  const dates = Object.fromEntries(
    styles.map(([name, show]) => [name, (date: Date | null) => show(date, zone)]),
  )
  datesByZone.set(zone, dates as ShownDates)
  return dates as ShownDates
}

/** Sets what every view sees. `res.locals` itself takes any name, also a misspelt one. */
export const setLocals = (res: Response, locals: Partial<Express.Locals>): void =>
  void Object.assign(res.locals, locals)
