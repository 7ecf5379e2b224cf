import type { Express, Request, RequestHandler, Response } from 'express'
import { log } from '../log.ts'
import { writtenAddress } from '../email-address.ts'
import { firstName, initials } from '../person-names.ts'
import { renderView, viewsFolder } from '../views.ts'
import { clock, day, time, dayAndTime } from './dates.ts'
import { takeFlash } from './flash.ts'
import type { StaticFiles } from './static-files.ts'
import { refill } from './refill-form.ts'
import { isLive } from './request-log.ts'
import { staleNotice } from './stale-form.ts'

export function configureViews(app: Express): void {
  app.engine('ejs', (file, locals, answer) => {
    renderView(file, locals)
      .then((html) => answer(null, html), answer)
      .catch((error: unknown) => log.error({ err: error }, 'a page could not be sent'))
  })
  app.set('views', viewsFolder)
  app.set('view engine', 'ejs')
  app.set('view cache', true)
  app.set('etag', false) // nothing here is kept, so nothing is asked about again
}

/** Renders a view, then the layout around it. Locals are ours alone: what a person sends never becomes an option. */
export function renderPage(res: Response, view: string, locals: Record<string, unknown>, status = 200): void {
  const { staleForm: stale, reference } = res.req
  const code = stale && status === 200 ? 403 : status
  const shown = {
    ...{ errors: {}, error: stale !== undefined || status === 422 || status === 429 },
    ...{ flash: stale ? staleNotice(reference) : flashFor(res.req), ...locals },
  }
  res.app.render(view, { ...res.locals, ...shown }, (failed, body) => {
    if (failed) return res.req.next?.(failed)
    res.status(code)
    res.render(layoutOf(locals, res.locals.mobile === true), { ...shown, body }, (broken, html) => {
      if (broken) return res.req.next?.(broken)
      res.send(stale ? refill(html, stale) : html)
    })
  })
}

const flashFor = (req: Request) => (isLive(req) ? null : takeFlash(req))

function layoutOf({ layout }: Record<string, unknown>, mobile: boolean): string {
  if (layout === 'auth' || layout === 'mobile') return `layouts/${layout}`
  return mobile ? 'layouts/mobile' : 'layouts/main'
}

/** The time zone of the company, by which people read clocks and days. */
export const timeZoneOf = (res: Response): string => (res.locals.company as { timeZone: string }).timeZone

/** What every view can rely on, whether or not somebody is signed in and the database answers. */
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
