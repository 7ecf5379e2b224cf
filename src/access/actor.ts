import { z } from 'zod'
import type { CompanyRow } from '../company/queries.ts'
import { permissions, type Permission } from './permissions.ts'

export const Role = z.object({
  name: z.string(),
  kind: z.enum(['office', 'fieldworker']),
  scope: z.enum(['company', 'team']),
  permissions: z.array(z.enum(permissions)),
})
export type Role = z.output<typeof Role>

export interface Person {
  id: string
  name: string
  email: string
}

/** Somebody a deed may be done to. */
export interface Target extends Person {
  teamId: string | null
  role: Role
}

/** The same as a row holds them. */
export const TargetRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_id: z.string().nullable(),
  role: Role,
})
export const asTarget = ({ id, name, email, team_id, role }: z.output<typeof TargetRow>): Target => ({
  ...{ id, name, email, role },
  teamId: team_id,
})

/** The person behind it while somebody works as another, and what they are told about it on every page. */
export interface Impersonator extends Person {
  impersonationId: string
  reason: string
  since: Date
  until: Date
  minutesLeft: number
}

/** Work as somebody else that may go on no longer, until it is closed: as whom it was, and why it ended. */
export interface EndedImpersonation {
  impersonationId: string
  as: Person
  reason: string
}

/** Whoever is signed in, as the database knows them at this request. */
export interface Actor extends Target {
  teamName: string | null
  emailVerified: boolean
  /** Nothing else opens until they choose another password: why. */
  mustChangePassword: 'temporary' | 'expired' | null
  /** Their password expired; until then what they are signed in to goes on. */
  passwordGraceUntil: Date | null
  company: CompanyRow
  sessionId: string
  /** The state of the account behind the session: moves on with its password, email, status and role. */
  authEpoch: number
  /** Seconds since they last entered the password they have now; infinite if never, or while somebody works as them. */
  secondsSinceReauth: number
  impersonator: Impersonator | null
  endedImpersonation: EndedImpersonation | null
}

/** Minutes for which an entered password counts as recent (step-up, ASVS 7.5.3): on all pages but one's own password on the phone. */
export const stepUpMinutes: Record<'desk' | 'mobile', number> = { desk: 30, mobile: 15 }

/** Who does a deed, and from where: what every record needs. */
export interface RequestContext<Who extends Person | null = Person | null> {
  actor: Who
  /** Who is behind it, while they work as the actor. */
  impersonator?: Person | null
  ip: string | null
  userAgent: string | null
  requestId: string | null
}

export const hasPermission = (actor: Target, permission: Permission): boolean =>
  actor.role.permissions.includes(permission)
