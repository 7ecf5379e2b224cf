import type { Express, Request, RequestHandler, Response } from 'express'
import { log } from '../log.ts'
import { writtenAddress } from '../email-address.ts'
import { firstName, initials } from '../person-names.ts'
import { renderView, viewsFolder } from '../views.ts'
import { clock, day, time, dayAndTime } from './dates.ts'
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

/** Renders a view inside its layout. Nothing that a person sends becomes an EJS option. */
export function renderPage(res: Response, view: string, locals: Record<string, unknown>, status = 200): void {
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
    res.render(layoutOf(locals, res.locals.mobile === true), { ...viewLocals, body }, (broken, html) => {
      if (broken) return res.req.next?.(broken)
      res.send(stale ? refill(html, stale) : html)
    })
  })
}

const flashFor = (req: Request) => (isLive(req) ? null : takeFlash(req))

/** Says that a form was not carried out because this page comes first; a page may say it in its own words. */
function unsavedNotice({ unsavedText }: Record<string, unknown>): Flash | null {
  if (unsavedText === null) return null
  const ownText = unsavedText as Pick<Flash, 'title' | 'text'> | undefined
  return {
    title: 'Nothing was changed.',
    text: 'What you had typed or chosen was not kept.',
    kind: 'warn',
    ...ownText,
  }
}

function layoutOf({ layout }: Record<string, unknown>, mobile: boolean): string {
  if (layout === 'auth' || layout === 'mobile') return `layouts/${layout}`
  return mobile ? 'layouts/mobile' : 'layouts/main'
}

/** The company's time zone, for all dates that people see. */
export const timeZoneOf = (res: Response): string => (res.locals.company as { timeZone: string }).timeZone

/** Default locals of every view, also without a session or a database. */
export function viewLocals(companyName: string, addressOf: StaticFiles['urlOf']): RequestHandler {
  const sprite = addressOf('icons.svg')
  const icon = (name: string) => `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"/></svg>`
  return (req, res, next) => {
    Object.assign(res.locals, { actor: null, mobile: false, company: { name: companyName, timeZone: 'UTC' } })
    Object.assign(res.locals, {
      path: req.path,
      here: req.originalUrl,
      csrfToken: () => '',
      can: () => false,
    })
    Object.assign(res.locals, { icon, initials, firstName, writtenAddress, file: addressOf })
    for (const [name, show] of Object.entries({ day, when: dayAndTime, hour: time, clock }))
      res.locals[name] = (date: Date | null) => show(date, timeZoneOf(res))
    next()
  }
}
