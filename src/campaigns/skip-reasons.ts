import type { Target } from '../access/actor.ts'
import { can } from '../access/can.ts'
import { emailAddress } from '../platform/web/form.ts'

/** Why a person gets no email. */
export const skipReasons = {
  blocked: 'Blocked people can’t sign in',
  inactive: 'Inactive people can’t sign in',
  invited: 'Invited people have no password yet',
  no_address: 'No email address that can receive mail',
  shared_address: 'Several people share one mailbox',
  bouncing: 'The last two emails to them failed',
  out_of_reach: 'Outside the access of the person who sends it',
  cancelled: 'Cancelled before their email was sent',
} as const
export type SkipReason = keyof typeof skipReasons
export const allSkipReasons = Object.keys(skipReasons) as [SkipReason, ...SkipReason[]]

export interface Recipient {
  id: string
  name: string
  email: string
  emailVerified: boolean
  status: 'invited' | 'active' | 'inactive' | 'blocked'
  target: Target
  /** Another account has the same address, apart from the part after a plus sign. */
  shared: boolean
  /** The last two emails to the address failed. */
  bouncing: boolean
}

/** Checked when people are selected, and again just before their email is sent. */
export function skipReasonOf(
  actor: Target,
  { target, email, status, shared, bouncing }: Recipient,
): SkipReason | null {
  if (!can(actor, 'campaigns.manage', target) || !can(actor, 'passwords.change', target))
    return 'out_of_reach'
  if (status !== 'active') return status
  if (!emailAddress.safeParse(email).success || email.endsWith('.invalid')) return 'no_address'
  if (shared) return 'shared_address'
  return bouncing ? 'bouncing' : null
}
