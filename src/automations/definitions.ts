import { counted } from '../platform/counted.ts'
import type { Permission } from '../access/permissions.ts'

/** All automations, in the order of the page. */
export const automationKeys = ['temporary', 'reminder', 'enforce', 'dormant'] as const
export type AutomationKey = (typeof automationKeys)[number]

/** The settings of an automation. Its definition says which of the optional ones it has. */
export interface Settings {
  every: 'hour' | 'day' | 'weekday'
  /** A time in the company's time zone, such as 07:00. */
  runAt: string
  peopleADay: number
  /** Empty means all roles. */
  roleIds: string[]
  /** Empty means all teams. */
  teamIds: string[]
  /** Email addresses of people it skips. */
  exempt: string[]
  days: number | null
  graceHours: number | null
  daysAhead: number[] | null
}

interface Definition {
  name: string
  icon: string
  /** What it does; `ageDays` is the age set in Enforce periodic reset. */
  describe: (settings: Settings, ageDays: number) => string
  /** The permission that the person it runs as must have for each person it acts on. */
  permission: Permission
  /** Whether it also acts on the person it runs as: they could do the same on their own pages. */
  includesAuthor: boolean
  /** The automation whose roles, teams and exemptions it uses. */
  audienceOf: AutomationKey
  settings: readonly ('days' | 'graceHours' | 'daysAhead')[]
  /** What it is set to until somebody changes it. */
  firstSettings: Pick<Settings, 'every' | 'peopleADay'> &
    Partial<Pick<Settings, 'days' | 'graceHours' | 'daysAhead'>>
  /** What it did to people, as in "9 people emailed". */
  resultVerb: string
  warning?: { heading: string; text: string }
}

export const definitions: Record<AutomationKey, Definition> = {
  temporary: {
    name: 'Temporary passwords that die unused',
    icon: 'hourglass',
    describe: () =>
      'A temporary password expires with or without this automation. It emails the person who set it, so that they can help before the worker is stuck.',
    permission: 'passwords.change',
    includesAuthor: false,
    audienceOf: 'temporary',
    settings: [],
    firstSettings: { every: 'hour', peopleADay: 1000 },
    resultVerb: 'told of',
  },
  reminder: {
    name: 'Password expiry reminder',
    icon: 'mail',
    describe: ({ daysAhead }, ageDays) =>
      `Emails people ${inSeries(daysAhead ?? [])} before their password is ${ageDays} days old. The age, roles, teams and exemptions are set in Enforce periodic reset.`,
    permission: 'passwords.change',
    includesAuthor: true,
    audienceOf: 'enforce',
    settings: ['daysAhead'],
    firstSettings: { every: 'weekday', peopleADay: 100, daysAhead: [14, 7, 1] },
    resultVerb: 'emailed',
  },
  enforce: {
    name: 'Enforce periodic reset',
    icon: 'refresh-cw',
    describe: ({ days, peopleADay, graceHours }) =>
      `Asks people for a new password at their next sign-in once theirs is ${days} days old. At most ${counted(peopleADay, 'person')} a day, so that not everyone’s password expires at once. People who are signed in can continue for ${counted(graceHours ?? 0, 'hour')}.`,
    permission: 'passwords.change',
    includesAuthor: true,
    audienceOf: 'enforce',
    settings: ['days', 'graceHours'],
    firstSettings: { every: 'weekday', peopleADay: 20, days: 365, graceHours: 12 },
    resultVerb: 'asked for a new one',
    warning: {
      heading: 'NIST and OWASP advise against this',
      text: 'People who must change passwords on a schedule choose weaker ones (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 6.2.10). Turn it on only if a contract or an insurer requires it.',
    },
  },
  dormant: {
    name: 'Dormant accounts',
    icon: 'circle-pause',
    describe: ({ days }) =>
      `Makes an account inactive when no one has signed in with it for ${days} days, and emails the person it runs as.`,
    permission: 'users.manage',
    includesAuthor: false,
    audienceOf: 'dormant',
    settings: ['days'],
    firstSettings: { every: 'weekday', peopleADay: 50, days: 90 },
    resultVerb: 'made inactive',
  },
}

export const isAutomationKey = (name: unknown): name is AutomationKey =>
  automationKeys.includes(name as AutomationKey)

/** "14, 7 and 1 day" */
function inSeries(days: number[]): string {
  const last = days.at(-1) ?? 0
  const before = days.slice(0, -1).join(', ')
  return `${before && `${before} and `}${counted(last, 'day')}`
}

/** The differences between two sets of settings, as the log stores them. */
export function changesBetween(key: AutomationKey, before: NamedSettings, after: NamedSettings) {
  const old = settingTexts(key, before)
  return Object.entries(settingTexts(key, after))
    .map(([setting, text]) => ({ setting, before: old[setting] ?? '', after: text }))
    .filter((change) => change.before !== change.after)
}

/** Settings with the names of their roles and teams. */
export interface NamedSettings extends Settings {
  roleNames: string[]
  teamNames: string[]
}

function settingTexts(
  key: AutomationKey,
  { days, graceHours, daysAhead, ...rest }: NamedSettings,
): Record<string, string> {
  const label = (part: string) => `${definitions[key].name}, ${part}`
  return {
    [label('age')]: days === null ? '' : counted(days, 'day'),
    [label('grace')]: graceHours === null ? '' : counted(graceHours, 'hour'),
    [label('days ahead')]: daysAhead?.join(', ') ?? '',
    [label('most a day')]: counted(rest.peopleADay, 'person'),
    [label('runs')]: scheduleLabel(rest),
    [label('roles')]: rest.roleNames.join(', ') || 'all',
    [label('teams')]: rest.teamNames.join(', ') || 'all',
    [label('exempt')]: rest.exempt.join(', ') || 'no one',
  }
}

export function scheduleLabel({ every, runAt }: Pick<Settings, 'every' | 'runAt'>): string {
  if (every === 'hour') return 'Every hour'
  return `${every === 'day' ? 'Every day' : 'Weekdays'} at ${runAt}`
}
