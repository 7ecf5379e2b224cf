import { asTarget, type Actor } from '../access/actor.ts'
import { can } from '../access/can.ts'
import { firstName } from '../platform/person-names.ts'
import type { UserRow } from './queries.ts'
import { statusTexts } from './status-messages.ts'
import { changeNames, evaluateChange, hasNoPassword } from './status-transitions.ts'

/** A user for a page, with the actions that the viewer may take. */
export function toPersonView(user: UserRow, viewer: Actor) {
  const { id, name, email, phone, status } = user
  return {
    id,
    name,
    email,
    phone,
    status,
    teamId: user.team_id,
    teamName: user.team_name,
    roleName: user.role.name,
    kind: user.role.kind,
    verified: user.email_verified_at !== null,
    emailVerifiedAt: user.email_verified_at,
    temporary: user.temporary_password_expires_at && {
      expiresAt: user.temporary_password_expires_at,
      expired: user.temporary_password_expired_at !== null || user.temporary_password_expires_at < new Date(),
    },
    temporarySetBy: user.password_changed_by_name,
    passwordChangedAt: user.password_changed_at,
    passwordExpiredAt: user.password_expired_at,
    passwordBy: passwordBy(user),
    lastSignInAt: user.last_sign_in_at,
    statusChangedAt: user.status_changed_at,
    createdAt: user.created_at,
    ...(viewer.impersonator ? noActions : actions(user, viewer)),
    isSelf: user.id === viewer.id,
  }
}

export type PersonView = ReturnType<typeof toPersonView>

type Actions = ReturnType<typeof actions>

/** During impersonation no actions on accounts are offered. */
const noActions: Partial<Actions> & Pick<Actions, 'statusChanges'> = { statusChanges: [] }

const actions = (user: UserRow, viewer: Actor) => ({
  ...canDo(user, can(viewer, 'passwords.change', asTarget(user))),
  ...canManage(user, can(viewer, 'users.manage', asTarget(user))),
  mayTick: can(viewer, 'users.manage', asTarget(user)),
  mayLoginAs: canLoginAs(user, viewer),
  statusChanges: statusChanges(user, viewer),
})

/** People who never chose a password have none to change and no session to end: they need an invitation. */
function canDo(user: UserRow, mayChangePassword: boolean) {
  const active = mayChangePassword && user.status === 'active'
  const hasPassword = mayChangePassword && !hasNoPassword(user)
  return {
    mayChangePassword: hasPassword,
    maySendReset: active,
    mayShowCode: active,
    mayVerify: active && user.email_verified_at === null,
    mayEndSessions: hasPassword,
    mayUnlock: hasPassword,
  }
}

const canManage = (user: UserRow, mayEdit: boolean) => ({
  mayEdit,
  mayInvite: mayEdit && user.status === 'invited',
})

/** The status changes of the ⋯ menu: only those that are allowed, Block last. */
function statusChanges(user: UserRow, viewer: Actor) {
  // Unblocking a person without a password makes them invited. The menu does not need the difference.
  const subject = { ...asTarget(user), status: user.status, hadPassword: true }
  return changeNames.flatMap((name) => {
    const decision = evaluateChange(viewer, name, subject)
    if ('reason' in decision) return []
    const { label, icon } = statusTexts[name]
    return [{ label, icon, status: decision.to, danger: name === 'block' }]
  })
}

/** Only offered if it is allowed: for active accounts without a temporary password. */
const canLoginAs = (user: UserRow, viewer: Actor): boolean =>
  user.status === 'active' &&
  user.temporary_password_expires_at === null &&
  can(viewer, 'users.impersonate', asTarget(user))

function passwordBy({ password_method, name }: UserRow): string {
  const way = password_method === null ? undefined : passwordWays[password_method]
  return way === themselves ? `by ${firstName(name)}` : (way ?? '')
}

const themselves = 'by themselves'
const passwordWays: Record<string, string> = {
  ...{ self: themselves, forced: themselves, invitation: themselves },
  ...{ admin: 'by the office', mobile: 'on the phone', reset_link: 'by reset link' },
}
