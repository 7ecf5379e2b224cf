import { asTarget, type Actor } from '../../../access/actor.ts'
import { can, intersectRoles } from '../../../access/can.ts'
import type { ActiveImpersonation } from './queries.ts'
import { endReasons } from './end-reason-text.ts'

/**
 * Why somebody may no longer work as another, in words for both; nothing when they may. It is asked at every request,
 * of both accounts as they are now. `own` is the one whose session it is, while that is alive. (ASVS 8.3.2)
 */
export function endReason(own: Actor | undefined, acting: ActiveImpersonation): string | undefined {
  const { behind, as } = acting
  if (acting.ended_because !== null) return acting.ended_because
  for (const { name, status } of [behind, as]) if (status !== 'active') return `${name} is ${status}`
  for (const { name, password_changed } of [behind, as])
    if (password_changed) return endReasons.password.byName(name)
  if (acting.signed_out) return `${behind.name} was signed out`
  if (acting.sessions_ended) return `The sessions of ${as.name} were ended`
  if (!can(asTarget(behind), 'users.impersonate', asTarget(as)))
    return endReasons.barred.byName(behind.name, as.name)
  for (const { name, moved } of [behind, as]) if (moved) return endReasons.moved.byName(name)
  if (acting.time_up) return 'The time was up'
  if (acting.idle) return 'Nothing was done for 15 minutes'
  return own ? undefined : `The session of ${behind.name} was over`
}

/** The one who is worked as, with what both hold; their password is proven to nobody. */
export function effectiveActor(own: Actor, acting: ActiveImpersonation): Actor {
  const { id: impersonationId, as, behind, reason } = acting
  const { started_at: since, ends_at: until, minutes_left: minutesLeft } = acting
  return {
    ...asTarget(as),
    role: intersectRoles(asTarget(behind), asTarget(as)),
    teamName: as.team_name,
    emailVerified: as.email_verified,
    mustChangePassword: null,
    passwordGraceUntil: null,
    company: own.company,
    sessionId: own.sessionId,
    credentialVersion: own.credentialVersion,
    secondsSinceReauth: Infinity,
    impersonator: {
      ...{ id: behind.id, name: behind.name, email: behind.email },
      ...{ impersonationId, reason, since, until, minutesLeft },
    },
    endedImpersonation: null,
  }
}
