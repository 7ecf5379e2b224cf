import { typedFields, type Fields } from './form.ts'
import type { Request, Response } from 'express'

/** A form of ours with a missing or outdated token. It changes nothing. */
export interface StaleForm {
  /** The address it was sent to. */
  action: string
  typed: Fields
}

interface ShowAgain {
  formPage: string
  mayLeave: boolean
  isPage: (address: string) => boolean
  routes: () => void
  /** Answers when the address shows no page. */
  refuse: () => void
}

/**
 * Shows the page of a form again, filled with what was typed. The request becomes a GET of that page, so the route
 * that the form was sent to never runs. If that page redirects, the target is shown too, or the browser is redirected
 * if it `mayLeave`.
 */
export function showAgain(
  req: Request,
  res: Response,
  { formPage, mayLeave, isPage, routes, refuse }: ShowAgain,
): void {
  const { method, originalUrl } = req
  req.staleForm = { action: req.path, typed: typedFields(req.body) }
  Object.assign(req, { method: 'GET', body: {} })
  // The log shows the request as it came.
  res.prependListener('finish', () => Object.assign(req, { method, originalUrl }))
  const redirect = res.redirect.bind(res) as (code: number, to: string) => void
  let pages = 0
  const show = (page: string) => {
    pages += 1
    Object.assign(req, { url: page, originalUrl: page })
    Object.assign(res.locals, { path: req.path, here: page } satisfies Partial<Express.Locals>)
    routes()
  }
  res.redirect = ((code: number, to: string) =>
    req.staleForm && !mayLeave && pages < 4 && isPage(to)
      ? show(to)
      : redirect(code, to)) as Response['redirect']
  res.json = () => {
    refuse() // data for a script is no page
    return res
  }
  show(formPage)
}

/** The message above the form. */
export const staleNotice = (reference: string) => ({
  title: 'This page was open too long, so nothing was changed.',
  text: `Check it and send it again. Reference ${reference}`,
  kind: 'bad' as const,
})
