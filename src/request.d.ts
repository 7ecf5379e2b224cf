import type { Actor } from './access/actor.ts'
import type { stepUpMinutes } from './access/actor.ts'
import type { Permission } from './access/permissions.ts'
import type { FoundActor } from './auth/sessions/queries.ts'
import type { Company } from './company/queries.ts'
import type { linkLifetimeText } from './company/link-lifetimes.ts'
import type { Html } from './platform/views.ts'
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
      /** The person of the session, as read with its data. */
      sessionActor?: FoundActor | undefined
      actor: Actor | null
      /** The minutes within which this action needs the password entered. */
      reauthMinutes?: number
      /** The uploaded file, on routes that accept one. */
      upload?: Upload
      /** The page that the form was on; empty if unknown. Found when it is first asked for, since few are. */
      formPage?: () => string
      /** Set when another page is shown in place of carrying out the form. */
      unsaved?: Unsaved
      /** Set when the form is shown again instead of being processed. */
      staleForm?: StaleForm
    }
    /** `res.locals`: what every view sees. */
    interface Locals {
      /** Null on the pages before sign-in. Pages behind it get an actor of their own from their route. */
      actor: Actor | null
      can: (permission: Permission) => boolean
      /** Whether the page is for a phone. */
      mobile: boolean
      company: Pick<Company, 'name' | 'timeZone' | 'rememberDays' | 'sessionHours' | 'officePhone'>
      settingsTabs: { label: string; href: string }[]
      stepUpMinutes: typeof stepUpMinutes
      linkLifetimeText: typeof linkLifetimeText
      /** The address of the page: without its query, and with it. */
      path: string
      here: string
      /** The token of a form, by default one that is sent to the address of the page. */
      csrfToken: (action?: string) => string
      /** Dates and times in the time zone of the company. */
      day: (date: Date | null) => string
      when: (date: Date | null) => string
      hour: (date: Date | null) => string
      clock: (date: Date | null) => string
      inSentence: (date: Date | null) => string
      deadline: (date: Date | null) => string
      weekdayAndDay: (date: Date | null) => string
      icon: (name: string) => Html
      counted: (count: number, one: string) => string
      initials: (name: string) => string
      firstName: (name: string) => string
      writtenAddress: (email: string) => string
      /** A text of ours, in which “call your office” is followed by its number as a link. */
      withOfficePhone: (text: string) => Html
      capitalized: (text: string) => string
      /** The address of a public file. */
      file: (name: string) => string
      unlogged?: boolean
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
    verificationSent: string
  }
}
