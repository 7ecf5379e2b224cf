import { z } from 'zod'
import type { ImpersonationEnd } from './impersonation-end.ts'
import { permissions, type Permission } from './permissions.ts'
import { remembered } from '../platform/remembered.ts'

export const Role = z.object({
  name: z.string(),
  kind: z.enum(['office', 'fieldworker']),
  scope: z.enum(['company', 'team']),
  permissions: z.array(z.enum(permissions)),
})
export type Role = z.output<typeof Role>

/** A role as JSON in text. Most rows have one of a few roles, so each is read once; nobody may change it. */
export const RoleText = z.string().transform(
  remembered((text): Role => {
    const role = Role.parse(JSON.parse(text))
    Object.freeze(role.permissions)
    return Object.freeze(role)
  }),
)

export interface Person {
  id: string
  name: string
  email: string
}

/** A person an action may be done to. */
export interface Target extends Person {
  teamId: string | null
  role: Role
}

/** A target as a database row. */
export const TargetRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_id: z.string().nullable(),
  role: Role,
})
export const asTarget = ({ id, name, email, team_id, role }: z.output<typeof TargetRow>): Target => ({
  id,
  name,
  email,
  role,
  teamId: team_id,
})

/** The admin behind an impersonation, with what the banner on every page says about it. */
export interface Impersonator extends Person {
  impersonationId: string
  reason: string
  since: Date
  until: Date
  minutesLeft: number
}

/** An impersonation that has expired or been revoked but is not closed yet. */
export interface EndedImpersonation {
  impersonationId: string
  as: Person
  reason: ImpersonationEnd
}

/** The person who is signed in, loaded from the database at each request. */
export interface Actor extends Target {
  teamName: string | null
  emailVerified: boolean
  /** Why they must choose another password before anything else opens. */
  mustChangePassword: 'temporary' | 'expired' | null
  /** Their password expired. Open sessions continue until this time. */
  passwordGraceUntil: Date | null
  sessionId: string
  /** A number that rises when the password, email, status or role of the account changes. */
  credentialVersion: number
  /** Seconds since they last entered their present password. Infinite if never, and during impersonation. */
  secondsSinceReauth: number
  impersonator: Impersonator | null
  endedImpersonation: EndedImpersonation | null
}

/**
 * Minutes for which an entered password counts as recent (step-up, ASVS 7.5.3).
 * The mobile limit applies to changing one’s own password there; the desk limit to everything else.
 */
export const stepUpMinutes: Record<'desk' | 'mobile', number> = { desk: 30, mobile: 15 }

/** Who does an action, and from where. Every log entry needs it. */
export interface RequestContext<Who extends Person | null = Person | null> {
  actor: Who
  /** The admin, during impersonation. */
  impersonator?: Person | null
  ip: string | null
  userAgent: string | null
  requestId: string | null
  /** Set if the action needs the password entered within so many minutes. It is checked again under lock. */
  reauthMinutes?: number | undefined
}

/** The context of what happens by itself, or at the console: nobody is signed in. */
export const systemContext: RequestContext<null> = { actor: null, ip: null, userAgent: null, requestId: null }

export const hasPermission = (actor: Target, permission: Permission): boolean =>
  actor.role.permissions.includes(permission)
