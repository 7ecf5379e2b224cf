import type { Router, Request, Response } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import { record } from '../activity/record.ts'
import { Refused } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { ownPath } from '../foundation/web/own-path.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Tx } from '../foundation/db.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import type { UserRow } from '../people/queries.ts'
import { reachable, reachNow } from '../people/reach.ts'
import { endSessions } from '../sessions/end.ts'
import { sendVerification } from '../verification/send.ts'
import { officeMailLimits } from './limits.ts'
import { sendWayBack } from './send.ts'
import { exactRouter } from '../foundation/web/router.ts'

const stepUpMinutes = 30

/** Takes one of a limit before anything is locked: what waits for a lock would keep the limit's own query waiting. */
type Limit = (req: Request, user: UserRow) => Promise<void>
type OfficeDeed = (tx: Tx, req: Request, user: UserRow) => Promise<[title: string, text: string]>

/** The ⋯ menu beside Change password: what the office does for somebody's way in without setting their password. */
export function officeRecoveryRoutes(kit: PasswordKit): Router {
  const router = exactRouter()
  const limits = officeMailLimits(kit.db)
  const door = (deed: OfficeDeed, limit?: Limit) => (req: Request, res: Response) =>
    done(kit, req, res, deed, limit)

  const emailLimit: Limit = async (req, user) => {
    if (user.status !== 'active') throw notActive(user)
    await limits.take(actorOf(req), user)
  }

  router.post(
    '/users/:id/password-reset',
    door(async (tx, req, user) => {
      if (user.status !== 'active') throw notActive(user)
      record(tx, by(req), { event: 'password_reset_requested', subject: user })
      if (await sendWayBack(tx, by(req), user)) return sameLink(user)
      const what = user.email_verified_at
        ? 'A reset link'
        : 'The address is unverified, so a link that verifies it first'
      return [`Reset link sent to ${user.name}`, `${what} is on its way to ${writtenAddress(user.email)}.`]
    }, emailLimit),
  )

  router.post(
    '/users/:id/email-verification',
    door(
      async (tx, req, user) => {
        if (user.status !== 'active') throw notActive(user)
        if (user.email_verified_at)
          return [`The email of ${user.name} is verified already`, 'Nothing was sent.']
        if (await sendVerification(tx, by(req), user, '/account')) return sameLink(user)
        return [`Verification sent to ${user.name}`, `A link is on its way to ${writtenAddress(user.email)}.`]
      },
      async (req, user) => (user.email_verified_at ? undefined : emailLimit(req, user)),
    ),
  )

  router.post(
    '/users/:id/sessions/end',
    door(async (tx, req, user) => {
      const count = await endSessions(tx, by(req), user)
      const devices = count === 1 ? '1 device was' : `${count} devices were`
      return [
        `${user.name} is signed out of all devices`,
        count > 0 ? `${devices} signed out.` : 'No device was signed in.',
      ]
    }),
  )

  return router
}

async function done(kit: PasswordKit, req: Request, res: Response, deed: OfficeDeed, limit?: Limit) {
  const user = await reachable(kit.db, actorOf(req), 'passwords.change', req.params.id)
  const returnTo = ownPath((req.body as Record<string, unknown>).returnTo, `/fieldworkers/${user.id}`)
  if (!provenWithin(stepUpMinutes, req, res, returnTo)) return
  await limit?.(req, user)
  const [title, text] = await kit.db.transaction(async (tx) =>
    deed(tx, req, await reachNow(tx, by(req), 'passwords.change', user.id)),
  )
  flash(req, title, text)
  res.redirect(303, returnTo)
}

const sameLink = ({ name, email }: UserRow): [title: string, text: string] => [
  `The same link was sent to ${name} again`,
  `One was sent a few minutes ago. It is on its way to ${writtenAddress(email)} once more, and works from either email.`,
]

const notActive = ({ name, status }: UserRow) =>
  new Refused({
    heading: `${name} cannot sign in just now`,
    message: `The account is ${status}, so a link would open nothing. Nothing was sent.`,
    advice:
      status === 'invited'
        ? 'They become active by accepting their invitation: send it again.'
        : 'Make the account active first.',
  })
