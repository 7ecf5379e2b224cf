import type { Actor, Target } from '../../../access/actor.ts'
import { can } from '../../../access/can.ts'

/** The details of a person that an import may change. */
export interface Changeable {
  name: string
  phone: string | null
  teamId: string | null
  team: string | null
}

/** A person who is there, with their details. */
export interface Known extends Changeable {
  target: Target
}

interface Wanted {
  name: string
  /** Null if the file has none: what is stored stays. */
  phone: string | null
  team: { id: string; name: string } | null
  newTeam: string | null
}

export interface Update {
  userId: string
  stored: Changeable
  after: Changeable
}

/**
 * What a row would change of a person who is there, or null: if the actor may not edit them or move them to that team, or
 * if nothing would change. Empty cells change nothing.
 */
export function findUpdate(
  actor: Actor,
  person: Known,
  { name, phone, team, newTeam }: Wanted,
): Update | null {
  const { target, ...stored } = person
  if (!can(actor, 'users.manage', target)) return null
  const after = {
    name,
    phone: phone === null || isSamePhone(stored.phone, phone) ? stored.phone : phone,
    teamId: newTeam !== null ? null : team ? team.id : stored.teamId,
    team: newTeam ?? (team ? team.name : stored.team),
  }
  if (!can(actor, 'users.manage', { ...target, teamId: after.teamId })) return null
  const isChanged = name !== stored.name || after.phone !== stored.phone || after.team !== stored.team
  return isChanged ? { userId: target.id, stored, after } : null
}

/** Whether a phone is the stored one with other spaces, or without what spreadsheets remove: its + or 0. */
function isSamePhone(stored: string | null, phone: string): boolean {
  const digits = (text: string) => text.replace(/\D/g, '')
  if (stored === null) return false
  const isLost = /^[1-9]\d+$/.test(phone) && ['', '0'].some((prefix) => digits(stored) === prefix + phone)
  return isLost || (digits(stored) === digits(phone) && stored.startsWith('+') === phone.startsWith('+'))
}
