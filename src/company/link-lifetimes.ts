/** The purposes of links. All are emailed, except `sign_in_code`, which the office shows as a QR code. */
export const purposes = [
  'reset',
  'verify',
  'email_change',
  'not_me',
  'not_my_call',
  'invite',
  'campaign',
  'sign_in_code',
] as const
export type Purpose = (typeof purposes)[number]

const minute = 60
const hour = 60 * minute

/**
 * Lifetimes of links in seconds, from the delivery of the email, or from when a QR code is shown. NIST SP 800-63B-4 §4.2.1.2 allows a link that
 * recovers an account 24 hours at most. Disputes and invitations live longer: they open no account in use.
 */
export const linkLifetimes: Record<Purpose, number> = {
  reset: 60 * minute,
  verify: 24 * hour,
  email_change: 60 * minute,
  not_me: 7 * 24 * hour,
  not_my_call: 7 * 24 * hour,
  invite: 7 * 24 * hour,
  campaign: 60 * minute,
  sign_in_code: 10 * minute,
}

/** A lifetime in words: “60 minutes”, “24 hours”, “7 days”. */
export function linkLifetimeText(purpose: Purpose): string {
  const minutes = linkLifetimes[purpose] / minute
  if (minutes < 24 * 60) return `${minutes} minutes`
  return minutes <= 48 * 60 ? `${minutes / 60} hours` : `${minutes / (24 * 60)} days`
}
