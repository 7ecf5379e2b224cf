import type { Request } from 'express'

/** A message about what just happened, shown once on the next page. */
export interface Flash {
  title: string
  text: string
  kind?: 'ok' | 'warn'
}

export function flash(req: Request, title: string, text = '', kind: Flash['kind'] = 'ok'): void {
  req.session.flash = { title, text, kind }
}

/** Returns the waiting message and clears it. A redirect in between keeps it. */
export function takeFlash(req: Request): Flash | null {
  const waiting = req.session?.flash
  if (!waiting) return null
  delete req.session.flash
  return waiting
}
