import type { Request, Response } from 'express'

/** A form that was sent from our own page, with a token that is missing or no longer good. Nothing is done with it. */
export interface StaleForm {
  /** Where it was sent to. */
  action: string
  typed: Record<string, unknown>
}

interface Again {
  formPage: string
  mayLeave: boolean
  routes: () => void
}

/**
 * Shows the page of a form once more: from here on the request is one for that page, which `page` shows with what was
 * typed. The route that the form was sent to is never reached. Where a page leads on to another, that one is shown, or
 * the browser is sent there if it `mayLeave`.
 */
export function showAgain(req: Request, res: Response, { formPage, mayLeave, routes }: Again): void {
  const { method, originalUrl } = req
  req.staleForm = { action: req.path, typed: req.body as Record<string, unknown> }
  Object.assign(req, { method: 'GET', body: {} })
  // The log is told of the request as it came.
  res.prependListener('finish', () => Object.assign(req, { method, originalUrl }))
  const redirect = res.redirect.bind(res) as (code: number, to: string) => void
  let pages = 0
  const show = (page: string) => {
    pages += 1
    Object.assign(req, { url: page, originalUrl: page })
    Object.assign(res.locals, { path: req.path, here: page })
    routes()
  }
  res.redirect = ((code: number, to: string) =>
    req.staleForm && !mayLeave && pages < 4 ? show(to) : redirect(code, to)) as Response['redirect']
  show(formPage)
}

/** What the page says above the form. */
export const staleNotice = (reference: string) => ({
  title: 'This page had been open too long, so nothing was changed.',
  text: `Check it and send it again. Reference ${reference}`,
  kind: 'bad' as const,
})
