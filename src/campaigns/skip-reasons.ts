import type { Target } from '../access/actor.ts'
import { can } from '../access/can.ts'
import { emailAddress } from '../platform/web/form.ts'

/** Why somebody gets no letter, and what the office can do about it. */
export const skipReasons = {
  blocked: 'Blocked people can’t sign in',
  inactive: 'Inactive people can’t sign in',
  invited: 'Invited people have no password yet',
  no_address: 'No address that mail can reach',
  shared_address: 'Several people share one mailbox',
  bouncing: 'The last two letters to them failed',
  out_of_reach: 'Beyond the reach of whoever sends it',
  cancelled: 'Cancelled before their letter left',
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
  /** Another account's address is the same but for what stands after a plus. */
  shared: boolean
  /** The last two letters to the address failed. */
  bouncing: boolean
}

/** Asked when somebody is chosen, and again when their letter is about to leave. */
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
