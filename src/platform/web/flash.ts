import type { Request } from 'express'

/** A message about what just happened, shown once on the next page. */
export interface Flash {
  title: string
  text: string
  kind?: 'ok' | 'warn'
  /** When the temporary password expires that was just set, in ISO 8601. */
  temporaryUntil?: string | undefined
  /** The form that takes it back, shown for ten seconds. */
  undo?: { post: string; status: string }
}

/** Title and text, and the rest of the message. */
export type FlashText = readonly [title: string, text?: string, more?: Omit<Flash, 'title' | 'text'>]

export function flash(req: Request, ...[title, text = '', more]: FlashText): void {
  req.session.flash = { title, text, ...more }
}

/** Returns the waiting message and clears it. A redirect in between keeps it. */
export function takeFlash(req: Request): Flash | null {
  const waiting = req.session?.flash
  if (!waiting) return null
  delete req.session.flash
  return waiting
}
