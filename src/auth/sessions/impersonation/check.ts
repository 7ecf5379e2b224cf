import { asTarget, type Actor } from '../../../access/actor.ts'
import { can, intersectRoles } from '../../../access/can.ts'
import type { ActiveImpersonation } from './queries.ts'
import { endReasons } from './end-reason-text.ts'

/**
 * Why an impersonation must end, in words, or nothing if it may continue. Checked at every request against both
 * accounts as they are now. `own` is the admin, if their session is still active. (ASVS 8.3.2)
 */
export function endReason(own: Actor | undefined, impersonation: ActiveImpersonation): string | undefined {
  const { impersonator, target } = impersonation
  if (impersonation.ended_because !== null) return impersonation.ended_because
  for (const { name, status } of [impersonator, target])
    if (status !== 'active') return `${name} is ${status}`
  for (const { name, password_changed } of [impersonator, target])
    if (password_changed) return endReasons.password.byName(name)
  if (impersonation.signed_out) return `${impersonator.name} was signed out`
  if (impersonation.sessions_ended) return `The sessions of ${target.name} were ended`
  if (!can(asTarget(impersonator), 'users.impersonate', asTarget(target)))
    return endReasons.notAllowed.byName(impersonator.name, target.name)
  for (const { name, account_changed } of [impersonator, target])
    if (account_changed) return endReasons.account.byName(name)
  if (impersonation.time_up) return 'The time was up'
  if (impersonation.idle) return 'Nothing was done for 15 minutes'
  return own ? undefined : `The session of ${impersonator.name} had ended`
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
    company: own.company,
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
