import type { Request } from 'express'

/** A message about what just happened, shown once on the next page. */
export interface Flash {
  title: string
  text: string
  kind?: 'ok' | 'warn'
  /** When the temporary password expires that was just set, in ISO 8601. */
  temporaryUntil?: string | undefined
}

export function flash(
  req: Request,
  title: string,
  text = '',
  kind: Flash['kind'] = 'ok',
  temporaryUntil?: Date | null,
): void {
  req.session.flash = { title, text, kind, temporaryUntil: temporaryUntil?.toISOString() }
}

/** Returns the waiting message and clears it. A redirect in between keeps it. */
export function takeFlash(req: Request): Flash | null {
  const waiting = req.session?.flash
  if (!waiting) return null
  delete req.session.flash
  return waiting
}
