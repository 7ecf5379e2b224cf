import type { Router, Request, Response } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import { record } from '../../activity/record.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Tx } from '../../platform/db.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser, lockAndAuthorizeUser } from '../../people/authorize.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { sendVerification } from '../verification/send-verification.ts'
import { officeMailLimits } from './limits.ts'
import { sendResetOrVerification } from './send-reset-or-verification.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

/** Counts against a limit before anything is locked: the limit’s own query must not wait for that lock. */
type Limit = (req: Request, user: UserRow) => Promise<void>
type AdminAction = (tx: Tx, req: Request, user: UserRow) => Promise<[title: string, text?: string]>

/** Actions of the ⋯ menu that help a person sign in without setting a password for them. */
export function adminResetRoutes(services: PasswordServices): Router {
  const router = strictRouter()
  const limits = officeMailLimits(services.db)
  const route = (action: AdminAction, limit?: Limit) => (req: Request, res: Response) =>
    runAction(services, req, res, action, limit)

  const emailLimit: Limit = async (req, user) => {
    if (user.status !== 'active') throw notActive(user)
    await limits.take(actorOf(req), user)
  }

  router.post(
    '/users/:id/password-reset',
    route(async (tx, req, user) => {
      if (user.status !== 'active') throw notActive(user)
      record(tx, contextOf(req), { event: 'password_reset_requested', subject: user })
      if (await sendResetOrVerification(tx, contextOf(req), user)) return sameLink(user)
      const link = user.email_verified_at
        ? 'A reset link'
        : 'The address is unverified, so a link that verifies it first'
      return [`Reset link sent to ${user.name}`, `${link} is on its way to ${writtenAddress(user.email)}.`]
    }, emailLimit),
  )

  router.post(
    '/users/:id/email-verification',
    route(
      async (tx, req, user) => {
        if (user.status !== 'active') throw notActive(user)
        if (user.email_verified_at)
          return [`The email of ${user.name} is already verified`, 'Nothing was sent.']
        if (await sendVerification(tx, contextOf(req), user, '/account')) return sameLink(user)
        return [`Verification sent to ${user.name}`, `A link is on its way to ${writtenAddress(user.email)}.`]
      },
      async (req, user) => (user.email_verified_at ? undefined : emailLimit(req, user)),
    ),
  )

  router.post(
    '/users/:id/sessions/end',
    route(async (tx, req, user) => {
      const count = await endSessions(tx, contextOf(req), user)
      if (count === 0) return [`${user.name} wasn’t signed in anywhere`]
      const devices = `${counted(count, 'device')} ${count === 1 ? 'was' : 'were'}`
      return [`${user.name} is signed out of all devices`, `${devices} signed out.`]
    }),
  )

  return router
}

async function runAction(
  services: PasswordServices,
  req: Request,
  res: Response,
  action: AdminAction,
  limit?: Limit,
) {
  const user = await findAuthorizedUser(services.db, actorOf(req), 'passwords.change', req.params.id)
  const returnTo = safePath((req.body as Record<string, unknown>).returnTo, `/fieldworkers/${user.id}`)
  if (!requireRecentPassword(req, res, returnTo)) return
  await limit?.(req, user)
  const [title, text] = await services.db.transaction(async (tx) =>
    action(tx, req, await lockAndAuthorizeUser(tx, contextOf(req), 'passwords.change', user.id)),
  )
  flash(req, title, text)
  res.redirect(303, returnTo)
}

const sameLink = ({ name, email }: UserRow): [title: string, text: string] => [
  `The same link was sent to ${name} again`,
  `It was first sent a few minutes ago. It is on its way to ${writtenAddress(email)} again, and works from either email.`,
]

const notActive = ({ name, status }: UserRow) =>
  new Forbidden({
    heading: `${name} can’t sign in right now`,
    message: `The account is ${status}, so a link would not work. Nothing was sent.`,
    advice:
      status === 'invited'
        ? 'Resend their invitation: they become active by accepting it.'
        : 'Make the account active first.',
  })
