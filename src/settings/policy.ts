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
>

/** What each setting may be. Sessions never live longer than the defaults, which are what ASVS 7.1.1 has us write down. */
export const bounds = {
  passwordMinLength: { least: 12, most: 64 },
  temporaryPasswordHours: { least: 1, most: 72 },
  sessionIdleMinutes: { least: 5, most: 60 },
  sessionHours: { least: 1, most: 12 },
  rememberDays: { least: 1, most: 30 },
}

/** NIST SP 800-63B-4 §3.1.1.2 asks for this many characters where a password is the only factor. */
export const recommendedLength = 15

export interface Change {
  setting: string
  before: string
  after: string
}

/** What one policy differs in from another, each setting in the words that the log keeps. */
export function changesBetween(before: Policy, after: Policy): Change[] {
  const old = inWords(before)
  return Object.entries(inWords(after))
    .map(([setting, words]) => ({ setting, before: old[setting] ?? '', after: words }))
    .filter((change) => change.before !== change.after)
}

function inWords(policy: Policy): Record<string, string> {
  return {
    'minimum password length': counted(policy.passwordMinLength, 'character'),
    'lasting passwords set by the office': policy.lastingPasswordsAllowed ? 'allowed' : 'not allowed',
    'life of temporary passwords': counted(policy.temporaryPasswordHours, 'hour'),
    'idle sessions end after': counted(policy.sessionIdleMinutes, 'minute'),
    'sessions end after': counted(policy.sessionHours, 'hour'),
    'remember me': counted(policy.rememberDays, 'day'),
    'words nobody may build a password of': policy.contextWords.join(', ') || 'none',
  }
}

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`
