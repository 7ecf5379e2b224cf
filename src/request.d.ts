import type { Actor } from './access/actor.ts'
import type { Upload } from './platform/web/upload.ts'
import type { Flash } from './platform/web/flash.ts'
import type { Unsaved } from './platform/web/unsaved.ts'
import type { StaleForm } from './platform/web/stale-form.ts'

declare global {
  namespace Express {
    interface Request {
      /** The key of csurf's cookie, before sign-in. */
      secret?: string | undefined
      reference: string
      /** The id of the session cookie that came with the request, if it has since been replaced. */
      cameWithSid?: string | undefined
      /** Set if `actor` comes from a cookie that was replaced a moment ago: it may end sessions, and see nothing. */
      onlyEnds?: true
      actor: Actor | null
      /** The minutes within which this action needs the password entered. */
      reauthMinutes?: number
      /** The uploaded file, on routes that accept one. */
      upload?: Upload
      /** The page that the form was on; empty if unknown. */
      formPage?: string
      /** Set when another page is shown in place of carrying out the form. */
      unsaved?: Unsaved
      /** Set when the form is shown again instead of being processed. */
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
    /** The forms that were not carried out, by the page that comes first. */
    unsaved: Record<string, Unsaved>
    /** The link that was opened in this browser. Its token is not stored. */
    resetLink: string
    invitationLink: string
    askedFor: string
    verificationSent: string
  }
}
