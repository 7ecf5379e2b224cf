import type { Actor } from './access/actor.ts'
import type { Upload } from './foundation/web/upload.ts'
import type { Flash } from './foundation/web/flash.ts'

declare global {
  namespace Express {
    interface Request {
      reference: string
      actor: Actor | null
      /** The file that came with a form, where one may. */
      upload?: Upload
    }
    // Passport's name for what it puts on the request.
    interface User extends Actor {}
  }
}

declare module 'express-session' {
  interface SessionData {
    csrfSecret: string
    flash: Flash
    /** The link that was opened in this browser; its token is kept nowhere. */
    resetLink: string
    invitationLink: string
    deadLink: string
    askedFor: string
    verificationSent: string
  }
}
