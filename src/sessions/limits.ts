const officeHours = 12

/**
 * How many hours a session lasts from the entry of the password, never longer by use: the remembered days for a
 * fieldworker who ticked Remember me, twelve hours for everyone else. (ASVS 7.3.2, NIST SP 800-63B-4 §2.1.3)
 */
export function sessionHours(remembered: boolean, permissions: readonly string[], rememberDays: number): number {
  return remembered && permissions.length === 0 ? rememberDays * 24 : officeHours
}
