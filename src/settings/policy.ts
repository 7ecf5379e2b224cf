import { counted } from '../platform/counted.ts'
import type { Company } from '../company/queries.ts'

export type Policy = Pick<
  Company,
  | 'passwordMinLength'
  | 'lastingPasswordsAllowed'
  | 'temporaryPasswordHours'
  | 'sessionIdleMinutes'
  | 'sessionHours'
  | 'rememberDays'
  | 'contextWords'
  | 'callerCheck'
>

/** The range of each setting. Sessions never last longer than the defaults, which ASVS 7.1.1 asks us to document. */
export const bounds = {
  passwordMinLength: { min: 12, max: 64 },
  temporaryPasswordHours: { min: 1, max: 72 },
  sessionIdleMinutes: { min: 5, max: 60 },
  sessionHours: { min: 1, max: 12 },
  rememberDays: { min: 1, max: 30 },
}

/** NIST SP 800-63B-4 §3.1.1.2 asks for this many characters where a password is the only factor. */
export const recommendedLength = 15

export interface Change {
  setting: string
  before: string
  after: string
}

/** The differences between two policies, as the log stores them. */
export function changesBetween(before: Policy, after: Policy): Change[] {
  const old = settingTexts(before)
  return Object.entries(settingTexts(after))
    .map(([setting, text]) => ({ setting, before: old[setting] ?? '', after: text }))
    .filter((change) => change.before !== change.after)
}

function settingTexts(policy: Policy): Record<string, string> {
  return {
    'minimum password length': counted(policy.passwordMinLength, 'character'),
    'lasting passwords set by the office': policy.lastingPasswordsAllowed ? 'allowed' : 'not allowed',
    'life of temporary passwords': counted(policy.temporaryPasswordHours, 'hour'),
    'idle sessions end after': counted(policy.sessionIdleMinutes, 'minute'),
    'sessions end after': counted(policy.sessionHours, 'hour'),
    'remember me': counted(policy.rememberDays, 'day'),
    'banned words': policy.contextWords.join(', ') || 'none',
    'caller check': policy.callerCheck,
  }
}
