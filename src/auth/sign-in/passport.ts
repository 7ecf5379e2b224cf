import type { Request, Response } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import { anonymousContext } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { isLive } from '../../platform/web/request-log.ts'
import { loadActor } from '../sessions/load-actor.ts'
import { startCookieSession } from '../sessions/store/session-store.ts'
import type { DeviceCookie } from '../sessions/devices/known-device.ts'
import type { SignInForm } from './forms.ts'
import { signIn, type SignInServices, type SignInResult } from './sign-in.ts'

/**
 * Sets up Passport, which nothing outside this module uses. Session data contains a session’s id, not a person.
 * `onGone` is called for a session that has ended but that a browser still sends.
 */
export function passportFor(db: Db, services: SignInServices, onGone: (sessionId: string) => Promise<void>) {
  const loadIfActive = async (req: Request, sessionId: string) => {
    // Automatic refreshes do not keep a session alive.
    const actor = await loadActor(db, sessionId, req.sessionActor, isLive(req))
    if (!actor) await onGone(sessionId)
    return actor ?? false
  }
  const passport = new Passport()
  passport.serializeUser<string>((user, done) => done(null, user.sessionId))
  passport.deserializeUser<string, Request>((req, sessionId, done) => {
    loadIfActive(req, sessionId).then((actor) => done(null, actor), done)
  })
  passport.use(
    new Strategy({ usernameField: 'email', passReqToCallback: true }, (req, _email, _password, done) => {
      const { form, device } = req as Request & ParsedSignIn
      signIn(services, anonymousContext(req as Request), form, device).then(
        (result) => done(null, false, result as never),
        done,
      )
    }),
  )
  return passport
}
export type OurPassport = ReturnType<typeof passportFor>

/** What was read from a request before the strategy checks it. */
interface ParsedSignIn {
  form: SignInForm
  device: DeviceCookie
}

/** Runs the local strategy on a form that has been parsed. */
export function authenticate(
  passport: OurPassport,
  req: Request,
  res: Response,
  parsed: ParsedSignIn,
): Promise<SignInResult> {
  return new Promise((resolve, reject) => {
    Object.assign(req, parsed)
    const onResult = (error: unknown, _user: unknown, result: unknown) =>
      error ? reject(error as Error) : resolve(result as SignInResult)
    ;(passport.authenticate('local', onResult) as (...args: unknown[]) => void)(req, res, reject)
  })
}

/**
 * Attaches new session data to a session that starts. `until` is when the browser forgets its cookie. Null means
 * when the browser closes. (ASVS 7.2.4)
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
