import { z } from 'zod'
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

/** Whoever is signed in, as the database knows them at this request. */
export interface Actor extends Target {
  teamName: string | null
  emailVerified: boolean
  mustChangePassword: boolean
  sessionId: string
  /** Seconds since they last entered their password. */
  passwordAge: number
}

/** Who does a deed, and from where: what every record needs. */
export interface By<Who extends Person | null = Person | null> {
  actor: Who
  ip: string | null
  userAgent: string | null
  requestId: string | null
}

export const holds = (actor: Target, permission: Permission): boolean =>
  actor.role.permissions.includes(permission)
