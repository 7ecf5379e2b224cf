import { asTarget, type Actor } from '../access/actor.ts'
import { can } from '../access/can.ts'
import { firstName } from '../platform/person-names.ts'
import type { UserRow } from './queries.ts'
import { statusTexts } from './status-messages.ts'
import { changeNames, evaluateChange, hasNoPassword } from './status-transitions.ts'

/** A user made ready for a page, with what the person who looks may do. */
export function toPersonView(user: UserRow, viewer: Actor) {
  const { id, name, email, phone, status } = user
  return {
    ...{ id, name, email, phone, status },
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
    ...(viewer.impersonator ? nothing : actions(user, viewer)),
    isSelf: user.id === viewer.id,
  }
}

/** To an account nothing is done in another's name. */
const nothing: Partial<ReturnType<typeof actions>> = { statusChanges: [] }

const actions = (user: UserRow, viewer: Actor) => ({
  ...canDo(user, can(viewer, 'passwords.change', asTarget(user))),
  ...canManage(user, can(viewer, 'users.manage', asTarget(user))),
  mayTick: can(viewer, 'users.manage', asTarget(user)),
  mayLoginAs: canLoginAs(user, viewer),
  statusChanges: statusChanges(user, viewer),
})

/** Whoever never chose a password has none to change and no device to sign out: the invitation is their way in. */
function canDo(user: UserRow, mayChangePassword: boolean) {
  const active = mayChangePassword && user.status === 'active'
  const hasWayIn = mayChangePassword && !hasNoPassword(user)
  return {
    mayChangePassword: hasWayIn,
    maySendReset: active,
    mayVerify: active && user.email_verified_at === null,
    mayEndSessions: hasWayIn,
  }
}

const canManage = (user: UserRow, mayEdit: boolean) => ({
  mayEdit,
  mayInvite: mayEdit && user.status === 'invited',
})

/** What a ⋯ menu offers to do to their status: only what will be allowed, what shuts out last. */
function statusChanges(user: UserRow, viewer: Actor) {
  // Of those who have no password an unblocked one is invited, which their menu need not know.
  const standing = { ...asTarget(user), status: user.status, hadPassword: true }
  return changeNames.flatMap((name) => {
    const verdict = evaluateChange(viewer, name, standing)
    if ('reason' in verdict) return []
    const { label, icon } = statusTexts[name]
    return [{ label, icon, status: verdict.to, danger: name === 'block' }]
  })
}
/** Offered only where it will be allowed: to an account in use, which a temporary password keeps shut. */
const canLoginAs = (user: UserRow, viewer: Actor): boolean =>
  user.status === 'active' &&
  user.temporary_password_expires_at === null &&
  can(viewer, 'users.impersonate', asTarget(user))

function passwordBy({ password_method, name }: UserRow): string {
  const first = firstName(name)
  const ways: Record<string, string> = {
    ...{ admin: 'by the office', self: `by ${first}`, forced: `by ${first}`, invitation: `by ${first}` },
    ...{ mobile: 'on the phone', reset_link: 'by reset link' },
  }
  return ways[password_method ?? ''] ?? ''
}
