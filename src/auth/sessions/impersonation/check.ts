import { asTarget, type Actor } from '../../../access/actor.ts'
import { can, intersectRoles } from '../../../access/can.ts'
import type { ImpersonationEnd } from '../../../access/impersonation-end.ts'
import { idleMinutes, type ActiveImpersonation } from './queries.ts'

/**
 * Why an impersonation must end, or nothing if it may continue. Checked at every request against both
 * accounts as they are now. `own` is the admin, if their session is still active. (ASVS 8.3.2)
 */
export function endReason(
  own: Actor | undefined,
  impersonation: ActiveImpersonation,
): ImpersonationEnd | undefined {
  const { impersonator, target } = impersonation
  const admin = { name: impersonator.name }
  const user = { name: target.name }
  if (impersonation.end_reason !== null) return impersonation.end_reason
  for (const { name, status } of [impersonator, target])
    if (status !== 'active') return { code: status, name }
  if (impersonator.password_changed) return { code: 'admin_password_changed', ...admin }
  if (target.password_changed) return { code: 'password_changed', ...user }
  if (impersonation.signed_out) return { code: 'admin_signed_out', ...admin }
  if (impersonation.sessions_ended) return { code: 'sessions_ended', ...user }
  if (!can(asTarget(impersonator), 'users.impersonate', asTarget(target)))
    return { code: 'not_allowed', ...admin, target: target.name }
  if (impersonator.account_changed) return { code: 'admin_account_changed', ...admin }
  if (target.account_changed) return { code: 'account_changed', ...user }
  if (impersonation.time_up) return { code: 'expired' }
  if (impersonation.idle) return { code: 'idle', idle_minutes: idleMinutes }
  return own ? undefined : { code: 'admin_session_expired', ...admin }
}

/** The impersonated user, with the permissions both people have. No password counts as recently entered. */
export function effectiveActor(own: Actor, impersonation: ActiveImpersonation): Actor {
  const { id: impersonationId, target, impersonator, reason } = impersonation
  const { started_at: since, ends_at: until, minutes_left: minutesLeft } = impersonation
  return {
    ...asTarget(target),
    role: intersectRoles(asTarget(impersonator), asTarget(target)),
    teamName: target.team_name,
    emailVerified: target.email_verified,
    mustChangePassword: null,
    passwordGraceUntil: null,
    sessionId: own.sessionId,
    credentialVersion: own.credentialVersion,
    secondsSinceReauth: Infinity,
    impersonator: {
      id: impersonator.id,
      name: impersonator.name,
      email: impersonator.email,
      impersonationId,
      reason,
      since,
      until,
      minutesLeft,
    },
    endedImpersonation: null,
  }
}
