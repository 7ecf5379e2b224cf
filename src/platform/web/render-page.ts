import type { Express, Request, RequestHandler, Response } from 'express'
import type { Errors } from '../result.ts'
import { log } from '../log.ts'
import { writtenAddress } from '../email-address.ts'
import { counted } from '../counted.ts'
import { firstName, initials } from '../person-names.ts'
import { renderView, viewsFolder, type Html } from '../views.ts'
import { withPhoneLink } from '../office-phone.ts'
import { clock, day, deadline, dayAndTime, inSentence, time, weekdayAndDay } from './dates.ts'
import { takeFlash, type Flash } from './flash.ts'
import type { StaticFiles } from './static-files.ts'
import { refill } from './refill-form.ts'
import { isLive } from './request-log.ts'
import { staleNotice } from './stale-form.ts'
import { takeUnsaved, unsavedField } from './unsaved.ts'

export function configureViews(app: Express): void {
  app.engine('ejs', (file, locals, answer) => {
    renderView(file, locals)
      .then((html) => answer(null, html), answer)
      .catch((error: unknown) => log.error({ err: error }, 'a page could not be sent'))
  })
  app.set('views', viewsFolder)
  app.set('view engine', 'ejs')
  app.set('view cache', true)
  app.set('etag', false) // no cache keeps a page, so no cache asks about one
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
  const { staleForm: stale, reference } = res.req
  const code = stale && status === 200 ? 403 : status
  const unsaved = takeUnsaved(res.req)
  const viewLocals = {
    errors: {},
    error: stale !== undefined || status === 422 || status === 429,
    flash: stale ? staleNotice(reference) : (flashFor(res.req) ?? (unsaved ? unsavedNotice(locals) : null)),
    unsaved: unsavedField(res.req),
    ...locals,
  }
  res.app.render(view, { ...res.locals, ...viewLocals }, (failed, body) => {
    if (failed) return res.req.next?.(failed)
    res.status(code)
    res.render(layoutOf(locals, res.locals.mobile), { ...viewLocals, body }, (broken, html) => {
      if (broken) return res.req.next?.(broken)
      res.send(stale ? refill(html, stale) : html)
    })
  })
}

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

/** Default locals of every view, also without a session or a database. */
export function viewLocals(companyName: string, addressOf: StaticFiles['urlOf']): RequestHandler {
  const sprite = addressOf('icons.svg')
  const icon = (name: string) =>
    `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"/></svg>` as Html
  const constants = { icon, counted, initials, firstName, writtenAddress, capitalized, file: addressOf }
  return (req, res, next) => {
    const inZone = (show: typeof day) => (date: Date | null) => show(date, timeZoneOf(res))
    const dates = {
      day: inZone(day),
      when: inZone(dayAndTime),
      hour: inZone(time),
      clock: inZone(clock),
      inSentence: inZone(inSentence),
      deadline: inZone(deadline),
      weekdayAndDay: inZone(weekdayAndDay),
    }
    setLocals(res, {
      ...constants,
      ...dates,
      actor: null,
      can: () => false,
      mobile: false,
      settingsTabs: [],
      company: { name: companyName, timeZone: 'UTC', rememberDays: 0, sessionHours: 0, officePhone: null },
      withOfficePhone: (text) => withPhoneLink(text, res.locals.company.officePhone),
      path: req.path,
      here: req.originalUrl,
      csrfToken: () => '',
    })
    next()
  }
}

/** Sets what every view sees. `res.locals` itself takes any name, also a misspelt one. */
export const setLocals = (res: Response, locals: Partial<Express.Locals>): void =>
  void Object.assign(res.locals, locals)
