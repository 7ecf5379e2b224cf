import type { Request } from 'express'

/** What just happened, told on the next page that is shown, once. */
export interface Flash {
  title: string
  text: string
  kind?: 'ok' | 'warn'
}

export function flash(req: Request, title: string, text = '', kind: Flash['kind'] = 'ok'): void {
  req.session.flash = { title, text, kind }
}

/** Gives the waiting message to the page that shows it, and so uses it up; a redirect in between keeps it. */
export function takeFlash(req: Request): Flash | null {
  const waiting = req.session?.flash
  if (!waiting) return null
  delete req.session.flash
  return waiting
}
