import type { ReasonParam } from '../../../platform/reason.ts'

/**
 * What may keep a person from signing in: the title, what to do, and how a less important one is named after another.
 * Times are parameters called `until`, `expires`, `since` or `at`.
 */
export const signInStatusTexts = {
  blocked: {
    title: 'Blocked',
    advice: 'Blocked {since}. A new password does not change that: an Admin unblocks them.',
    also: 'blocked',
  },
  inactive: {
    title: 'Inactive',
    advice: 'Inactive since {since}. A new password does not change that: an Admin activates them.',
    also: 'inactive',
  },
  invitation_open: {
    title: 'Invited, has no password yet',
    advice: 'Their invitation works until {expires}. If they can’t find it, an Admin resends it.',
    also: 'invited',
  },
  invitation_waiting: {
    title: 'Invited, has no password yet',
    advice: 'The email with their invitation is waiting to be sent.',
    also: 'invited',
  },
  invitation_expired: {
    title: 'The invitation has expired',
    advice: 'It expired {expires}, so they have no password yet. An Admin sends another.',
    also: 'the invitation has expired',
  },
  invitation_missing: {
    title: 'Invited, but no invitation works',
    advice: 'The last one was withdrawn, so they have no password yet. An Admin sends another.',
    also: 'no invitation works',
  },
  no_password: {
    title: 'Has no valid password',
    advice: 'It was removed because someone else may know it. Send a reset link, or set another.',
    also: 'no valid password',
  },
  password_disabled: {
    title: 'The password is disabled',
    advice:
      '{failures} wrong passwords in a row. Unlocking does not help: send a reset link, or set another.',
    also: 'the password is disabled after {failures} wrong ones',
  },
  password_disabled_on_new_browsers: {
    title: 'The password is disabled on new browsers',
    advice:
      '{failures} wrong passwords in a row. A browser they used before may still work. Send a reset link, or set another.',
    also: 'the password is disabled on new browsers after {failures} wrong ones',
  },
  password_disabled_on_own_browser: {
    title: 'The password is disabled on a browser they used before',
    advice: '{failures} wrong passwords in a row there. Send a reset link, or set another.',
    also: 'the password is disabled on a browser they used before',
  },
  temporary_password_expired: {
    title: 'The temporary password has expired',
    advice: 'It expired {expires}, never replaced. Send a reset link, or set another.',
    also: 'the temporary password has expired',
  },
  locked: {
    title: 'Locked out until {until}',
    advice:
      '{failures} wrong passwords in a row. Unlock if they know the password now, or send a reset link.',
    also: 'locked out until {until}',
  },
  locked_on_new_browsers: {
    title: 'Locked out on new browsers until {until}',
    advice: '{failures} wrong passwords in a row. A browser they used before still works.',
    also: 'locked out on new browsers until {until}',
  },
  locked_on_own_browser: {
    title: 'Locked out on a browser they used before, until {until}',
    advice: '{failures} wrong passwords in a row there. Unlock if they know the password now.',
    also: 'locked out on a browser they used before, until {until}',
  },
  temporary_password_unverified: {
    title: 'Can sign in, but must verify the email before choosing a password',
    advice:
      'The temporary password expires {expires}. To replace it they open a link sent to {email}, so check that they get email there.',
    also: 'the email is not verified',
  },
  temporary_password_unused: {
    title: 'Can sign in with the temporary password only',
    advice: 'Not used yet. It expires {expires}. They choose their own right after signing in.',
    also: 'a temporary password, not used yet',
  },
  temporary_password_used: {
    title: 'Can sign in with the temporary password only',
    advice: 'Used {at}, but not replaced yet. It expires {expires}.',
    also: 'a temporary password, not replaced yet',
  },
  password_expired: {
    title: 'Can sign in, and must then choose a new password',
    advice: 'The password reached its maximum age {since}.',
    also: 'the password has expired',
  },
  email_unverified: {
    title: 'Can sign in, but the email is not verified',
    advice: 'Before they can change their password they open a link sent to {email}.',
    also: 'the email is not verified',
  },
  email_bounced: {
    title: 'Can sign in, but the last email bounced',
    advice: 'Links do not reach them. The mail server said {at}: “{answer}”.',
    also: 'the last email bounced {at}: “{answer}”',
  },
  attempts_failed: {
    title: 'Can sign in, but {attempts} failed',
    advice: 'The last was {at}{from}. If they forgot the password, send a reset link or set another.',
    also: '{attempts} failed, the last {at}{from}',
  },
  can_sign_in: {
    title: 'Can sign in',
    advice: 'Last signed in {at}.',
    also: '',
  },
  never_signed_in: {
    title: 'Can sign in',
    advice: 'Has not signed in yet.',
    also: '',
  },
} as const

type Texts = typeof signInStatusTexts
export type SignInCode = keyof Texts
export type SignInText = 'title' | 'advice' | 'also'

/** One of them, with the parameters of its sentences: times as ISO 8601. A missing one does not compile. */
export type SignInProblem = {
  [Code in SignInCode]: { code: Code } & Record<ReasonParam<Texts[Code][SignInText]>, string | number>
}[SignInCode]
