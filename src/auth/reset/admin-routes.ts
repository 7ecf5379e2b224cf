import type { Actor, RequestContext } from '../../access/actor.ts'
import { ok } from '../../platform/result.ts'
import { action } from '../../access/action.ts'
import type { Router } from 'express'
import { record } from '../../activity/record.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Tx } from '../../platform/db.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import type { UserRow } from '../../people/queries.ts'
import { lockAndAuthorizeUser, userOfUrl, returnPath } from '../../people/authorize.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { sendVerification } from '../verification/send-verification.ts'
import { officeMailLimits } from './limits.ts'
import { assertActive } from './assert-active.ts'
import { sendResetOrVerification } from './send-reset-or-verification.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

/** Counts against a limit before anything is locked: the limit’s own query must not wait for that lock. */
type Limit = (actor: Actor, user: UserRow) => Promise<void>
type AdminAction = (
  tx: Tx,
  by: RequestContext<Actor>,
  user: UserRow,
) => Promise<[title: string, text?: string]>

/** Actions of the ⋯ menu that help a person sign in without setting a password for them. */
export function adminResetRoutes(services: PasswordServices): Router {
  const { db } = services
  const router = strictRouter()
  const limits = officeMailLimits(db)
  const route = (run: AdminAction, limit?: Limit) =>
    action({
      ...userOfUrl(db, 'passwords.change'),
      stepUp: 'desk',
      back: returnPath,
      form: null,
      showErrors: null,
      run: async ({ actor, by, target }) => {
        await limit?.(actor, target)
        const message = await db.transaction(async (tx) =>
          run(tx, by, await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)),
        )
        return ok(message)
      },
      flash: ({ value: message }) => message,
      redirect: returnPath,
    })

  const emailLimit: Limit = async (actor, user) => {
    assertActive(user)
    await limits.take(actor, user)
  }

  router.post(
    '/users/:id/password-reset',
    route(async (tx, by, user) => {
      assertActive(user)
      record(tx, by, { event: 'password_reset_requested', subject: user })
      if (await sendResetOrVerification(tx, by, user)) return sameLink(user)
      const link = user.email_verified_at
        ? 'A reset link'
        : 'The address is unverified, so a link that verifies it first'
      return [`Reset link sent to ${user.name}`, `${link} is on its way to ${writtenAddress(user.email)}.`]
    }, emailLimit),
  )

  router.post(
    '/users/:id/email-verification',
    route(
      async (tx, by, user) => {
        assertActive(user)
        if (user.email_verified_at)
          return [`The email of ${user.name} is already verified`, 'Nothing was sent.']
        if (await sendVerification(tx, by, user, '/account')) return sameLink(user)
        return [`Verification sent to ${user.name}`, `A link is on its way to ${writtenAddress(user.email)}.`]
      },
      async (actor, user) => (user.email_verified_at ? undefined : emailLimit(actor, user)),
    ),
  )

  router.post(
    '/users/:id/sessions/end',
    route(async (tx, by, user) => {
      const count = await endSessions(tx, by, user)
      if (count === 0) return [`${user.name} wasn’t signed in anywhere`]
      const devices = `${counted(count, 'device')} ${count === 1 ? 'was' : 'were'}`
      return [`${user.name} is signed out of all devices`, `${devices} signed out.`]
    }),
  )

  return router
}

const sameLink = ({ name, email }: UserRow): [title: string, text: string] => [
  `The same link was sent to ${name} again`,
  `It was first sent a few minutes ago. It is on its way to ${writtenAddress(email)} again, and works from either email.`,
]
