import type { Request, Response } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import { anonymousContext } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { isLive } from '../../platform/web/request-log.ts'
import { loadActor } from '../sessions/load-actor.ts'
import { startCookieSession } from '../sessions/session-store.ts'
import type { DeviceCookie } from '../sessions/devices/known-device.ts'
import type { SignInForm } from './forms.ts'
import { signIn, type SignInServices, type SignInResult } from './sign-in.ts'

/**
 * Passport, which nothing outside this room knows: the carrier holds a session's id, not a person. `onGone` is told of a
 * session that a browser still came with.
 */
export function passportFor(db: Db, services: SignInServices, onGone: (sessionId: string) => Promise<void>) {
  const present = async (sessionId: string, poll: boolean) => {
    const actor = await loadActor(db, sessionId, poll)
    if (!actor) await onGone(sessionId)
    return actor ?? false
  }
  const passport = new Passport()
  passport.serializeUser<string>((user, done) => done(null, user.sessionId))
  passport.deserializeUser<string, Request>((req, sessionId, done) => {
    // What a page asks for by itself keeps no session alive.
    present(sessionId, isLive(req)).then((actor) => done(null, actor), done)
  })
  passport.use(
    new Strategy({ usernameField: 'email', passReqToCallback: true }, (req, _email, _password, done) => {
      const { form, mark } = req as Request & Typed
      signIn(services, anonymousContext(req as Request), form, mark).then(
        (result) => done(null, false, result as never),
        done,
      )
    }),
  )
  return passport
}
export type OurPassport = ReturnType<typeof passportFor>

/** What has been read of a request before the strategy judges it. */
interface Typed {
  form: SignInForm
  mark: DeviceCookie
}

/** Asks the local strategy about a form that has been read. */
export function authenticate(
  passport: OurPassport,
  req: Request,
  res: Response,
  typed: Typed,
): Promise<SignInResult> {
  return new Promise((resolve, reject) => {
    Object.assign(req, typed)
    const answered = (error: unknown, _user: unknown, result: unknown) =>
      error ? reject(error as Error) : resolve(result as SignInResult)
    ;(passport.authenticate('local', answered) as (...args: unknown[]) => void)(req, res, reject)
  })
}

/**
 * Ties a new carrier to a session that begins. `until` is when the browser forgets it; null means when the browser
 * closes. (ASVS 7.2.4)
 */
export async function attachSession(req: Request, sessionId: string, until: Date | null): Promise<void> {
  await startCookieSession(req)
  req.session.cookie.expires = until
  giveSecret(req)
  Object.assign(req.session, { passport: { user: sessionId } })
  await new Promise<void>((resolve, reject) => {
    req.session.save((error?: unknown) => (error ? reject(error as Error) : resolve()))
  })
}
