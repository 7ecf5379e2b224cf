import { ok, invalid, type Result } from '../platform/result.ts'
import { action } from '../access/action.ts'
import { asTarget, type Actor, type RequestContext } from '../access/actor.ts'
import type { Router } from 'express'
import { z } from 'zod'
import type { Db } from '../platform/db.ts'
import type { FlashText } from '../platform/web/flash.ts'
import { strictRouter } from '../platform/web/router.ts'
import { profilePage, type ProfileServices } from './profile-page.ts'
import type { UserRow } from './queries.ts'
import { userOfUrl, returnPath } from './authorize.ts'
import { accessDenied } from './access-denied.ts'
import { changeStatus } from './change-status.ts'
import { skipExplanation, skipLabel, statusChangedMessage } from './status-messages.ts'
import { changeTowards, type Status } from './status-transitions.ts'

const StatusForm = z.object({
  status: z.enum(
    ['active', 'inactive', 'blocked'],
    'Choose one of the statuses: active, inactive or blocked.',
  ),
})

/** ⋯ Activate, Deactivate, Block and Unblock for one person. It uses the bulk action. */
export function statusRoutes(services: ProfileServices): Router {
  const { db } = services
  const router = strictRouter()

  router.post(
    '/users/:id/status',
    action({
      ...userOfUrl(db, 'users.manage'),
      stepUp: 'desk',
      back: returnPath,
      form: StatusForm,
      showErrors: ({ req, res, target }, errors) => profilePage(services, req, res, target, errors),
      run: ({ by, target, form }) => change(db, by, target, form.status),
      flash: ({ value: message }) => message,
      redirect: returnPath,
    }),
  )

  return router
}

/** Returns the message, or why nothing was changed. */
async function change(
  db: Db,
  by: RequestContext<Actor>,
  user: UserRow,
  status: z.output<typeof StatusForm>['status'],
): Promise<Result<FlashText>> {
  const name = changeTowards(status, user.status)
  const { changed, skipped } = await changeStatus(db, by, name, [user.id])
  const [person] = changed
  const reason = skipped[0]?.reason
  if (reason === 'beyond' || reason === 'self') throw accessDenied(by.actor, 'users.manage', asTarget(user))
  if (person) return ok([...statusChangedMessage(user, person.to), undoOf(user, person.to)])
  if (reason === 'same') return ok([`${user.name} is ${skipLabel(name, 'same')}`, 'Nothing was changed.'])
  return invalid({ status: `${skipExplanation(name, reason ?? 'unblocked')}.` })
}

/** Blocking and deactivating active people takes effect at once. Who slipped makes them active again at once, too. */
const undoOf = ({ id, status }: UserRow, to: Status) =>
  status === 'active' && to !== 'active'
    ? { undo: { post: `/users/${id}/status`, status: 'active' } }
    : undefined
