import type { Actor } from './access/actor.ts'
import type { Upload } from './platform/web/upload.ts'
import type { Flash } from './platform/web/flash.ts'
import type { StaleForm } from './platform/web/stale-form.ts'

declare global {
  namespace Express {
    interface Request {
      /** What csurf signs its cookie with, before sign-in. */
      secret?: string | undefined
      reference: string
      /** The id of the session cookie that came, from when it was given another. */
      cameWithSid?: string | undefined
      /** Set where `actor` was found by a cookie that was replaced a moment ago: it ends sessions, and shows nothing. */
      onlyEnds?: true
      actor: Actor | null
      /** The file that came with a form, where one may. */
      upload?: Upload
      /** The page that a sent form stood on; empty where it is not known. */
      formPage?: string
      /** Set where the page of a form is shown again, in place of doing what was sent. */
      staleForm?: StaleForm
    }
    // Passport's name for what it puts on the request.
    interface User extends Actor {}
  }
}

declare module 'express-session' {
  interface SessionData {
    csrfSecret: string
    flash: Flash
    /** What was posted and not done because the password was asked for first; `typed` in a form of its own page. */
    interrupted: { next: string; typed: boolean }
    /** The link that was opened in this browser; its token is kept nowhere. */
    resetLink: string
    invitationLink: string
    askedFor: string
    verificationSent: string
  }
}
