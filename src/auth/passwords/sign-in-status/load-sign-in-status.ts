import { asTarget, hasPermission, type Actor } from '../../../access/actor.ts'
import { can } from '../../../access/can.ts'
import type { UserRow } from '../../../people/queries.ts'
import { toPersonView, type PersonView } from '../../../people/person-view.ts'
import type {
  LoadSignInStatus,
  SignInAction,
  SignInStatus,
  SignInStatusPlace,
} from '../../../people/sign-in-status.ts'
import { fillText } from '../../../platform/reason.ts'
import { inSentence } from '../../../platform/web/dates.ts'
import type { PasswordServices } from '../password-services.ts'
import { findSignInProblems } from './find-problems.ts'
import { selectSignInFacts, type SignInFacts } from './queries.ts'
import { signInStatusTexts, type SignInCode, type SignInProblem, type SignInText } from './reason-texts.ts'

/** What keeps a person from signing in, for a page: the most important problem and its button, and the others. */
export const signInStatusLoader = (services: Services): LoadSignInStatus => {
  const load = signInStatusesLoader(services)
  return async (user, ...page) => only(await load([user], ...page))
}

/** The same for many people, in their order. */
export const signInStatusesLoader =
  ({ db, loginAttempts }: Services) =>
  async (users: UserRow[], viewer: Actor, timeZone: string, place: SignInStatusPlace) => {
    const accounts = users.map(({ id, email }) => ({ id, email, account: loginAttempts.accountOf(email) }))
    const facts = new Map((await selectSignInFacts(db, accounts)).map((of) => [of.id, of]))
    return users.flatMap((user) => {
      const known = facts.get(user.id)
      return known ? [toStatus(user, known, viewer, timeZone, place)] : []
    })
  }

type Services = Pick<PasswordServices, 'db' | 'loginAttempts'>

function only<T>([first]: T[]): T {
  if (!first) throw new Error('There is always one')
  return first
}

function toStatus(
  user: UserRow,
  facts: SignInFacts,
  viewer: Actor,
  timeZone: string,
  place: SignInStatusPlace,
): SignInStatus {
  const problems = findSignInProblems(user, facts, seesFrom(viewer, user))
  const first = only(problems)
  const { kind, icon, button, saving } = looksOf(first.code)
  const text = (part: SignInText, of: SignInProblem) => fill(part, of, timeZone)
  return {
    kind,
    icon,
    title: text('title', first),
    advice: `${text('advice', first)}${place === 'dialog' && saving ? ` ${saving}` : ''}`,
    saysUnverified: unverified.includes(first.code),
    others: problems.slice(1).map((problem) => text('also', problem)),
    action: button ? actions[button](toPersonView(user, viewer), place) : null,
  }
}

/** From where somebody tried to sign in is for those who read the log, or help this person. */
const seesFrom = (viewer: Actor, user: UserRow): boolean =>
  viewer.id === user.id ||
  hasPermission(viewer, 'activity.view') ||
  can(viewer, 'passwords.change', asTarget(user))

const times = ['until', 'expires', 'since', 'at']

/** A wait ends within the hour, so its day is said only around midnight. */
const timeOf = (name: string, time: Date, timeZone: string): string =>
  inSentence(time, timeZone).replace(name === 'until' ? /^today, / : '', '')

function fill(part: SignInText, problem: SignInProblem, timeZone: string): string {
  const params = Object.entries(problem).map(([name, value]) => [
    name,
    times.includes(name) ? timeOf(name, new Date(value), timeZone) : value,
  ])
  return fillText(signInStatusTexts[problem.code][part], Object.fromEntries(params) as object)
}

const unverified: SignInCode[] = ['email_unverified', 'temporary_password_unverified']

interface Looks {
  kind: 'ok' | 'warn' | 'bad'
  icon: string
  button?: keyof typeof actions
  /** What saving a new password does about it. */
  saving?: string
}

function looksOf(code: SignInCode): Looks {
  const helps = 'Saving a new password lets them in.'
  if (code === 'blocked') return { kind: 'bad', icon: 'ban', button: 'activate' }
  if (code === 'inactive') return { kind: 'bad', icon: 'circle-pause', button: 'activate' }
  if (code.startsWith('invitation_')) return { kind: 'bad', icon: 'mail', button: 'invite' }
  if (code.startsWith('locked'))
    return { kind: 'bad', icon: 'lock', button: 'unlock', saving: 'Saving unlocks.' }
  if (code === 'no_password' || code.startsWith('password_disabled'))
    return { kind: 'bad', icon: 'lock', button: 'reset', saving: helps }
  if (code === 'temporary_password_expired')
    return { kind: 'bad', icon: 'hourglass', button: 'reset', saving: helps }
  if (code === 'email_unverified')
    return {
      ...{ kind: 'warn', icon: 'mail-question-mark', button: 'verify' },
      saving: 'Check that they can read email there.',
    }
  if (code === 'temporary_password_unverified')
    return { kind: 'warn', icon: 'mail-question-mark', button: 'verify' }
  if (code.startsWith('temporary_') || code === 'password_expired')
    return { kind: 'warn', icon: 'hourglass', button: 'reset' }
  if (code === 'email_bounced') return { kind: 'warn', icon: 'mail-x', button: 'correct' }
  if (code === 'attempts_failed') return { kind: 'warn', icon: 'triangle-alert', button: 'reset' }
  return { kind: 'ok', icon: 'circle-check' }
}

type ActionFor = (person: PersonView, place: SignInStatusPlace) => SignInAction | null

/** The button of each, if the viewer may use it. A page that opens a dialog is not offered inside one. */
const actions = {
  unlock: ({ id, mayUnlock }, place) =>
    mayUnlock ? { label: place === 'dialog' ? 'Unlock only' : 'Unlock', post: `/users/${id}/unlock` } : null,
  reset: ({ id, maySendReset }) =>
    maySendReset ? { label: 'Send reset link', post: `/users/${id}/password-reset` } : null,
  verify: ({ id, mayVerify }) =>
    mayVerify ? { label: 'Send verification', post: `/users/${id}/email-verification` } : null,
  invite: ({ id, mayInvite }) =>
    mayInvite ? { label: 'Resend invitation', post: `/users/${id}/invitation` } : null,
  activate({ id, statusChanges }) {
    const change = statusChanges.find(({ label }) => label === 'Activate' || label === 'Unblock')
    return change ? { label: change.label, post: `/users/${id}/status`, status: change.status } : null
  },
  correct: ({ id, mayEdit }, place) =>
    mayEdit && place === 'profile' ? { label: 'Correct the address', href: `/users/${id}/details` } : null,
} satisfies Record<string, ActionFor>
