import type { Permission } from '../access/permissions.ts'

/** The automations there are, in the order in which they are shown. */
export const automationKeys = ['temporary', 'reminder', 'enforce', 'dormant'] as const
export type AutomationKey = (typeof automationKeys)[number]

/** What each can be told; which of it an automation asks for stands with it. */
export interface Settings {
  every: 'hour' | 'day' | 'weekday'
  /** By the clock of the company, such as 07:00. */
  runAt: string
  peopleADay: number
  /** Without any it concerns all. */
  roleIds: string[]
  teamIds: string[]
  /** Addresses of those it passes over. */
  exempt: string[]
  days: number | null
  graceHours: number | null
  daysAhead: number[] | null
}

interface Definition {
  name: string
  icon: string
  /** What it does, by its settings; `age` is that of Enforce periodic reset. */
  describe: (settings: Settings, age: number) => string
  /** What whoever it acts for must hold, and over each person. */
  permission: Permission
  /** Whether it concerns them, too: they could do the same on their own pages. */
  includesAuthor: boolean
  /** Whose roles, teams and exemptions it goes by. */
  audienceOf: AutomationKey
  settings: readonly ('days' | 'graceHours' | 'daysAhead')[]
  /** What it did to people, as in "9 people emailed". */
  resultVerb: string
  warning?: { heading: string; text: string }
}

export const definitions: Record<AutomationKey, Definition> = {
  temporary: {
    name: 'Temporary passwords that die unused',
    icon: 'hourglass',
    describe: () =>
      'A temporary password dies in time all the same. This tells whoever set it, so that they can help before the worker is stuck.',
    permission: 'passwords.change',
    includesAuthor: false,
    audienceOf: 'temporary',
    settings: [],
    resultVerb: 'told of',
  },
  reminder: {
    name: 'Password expiry reminder',
    icon: 'mail',
    describe: ({ daysAhead }, age) =>
      `Emails people ${inSeries(daysAhead ?? [])} before their password is ${age} days old. The age, and whom it concerns, stand in Enforce periodic reset.`,
    permission: 'passwords.change',
    includesAuthor: true,
    audienceOf: 'enforce',
    settings: ['daysAhead'],
    resultVerb: 'emailed',
  },
  enforce: {
    name: 'Enforce periodic reset',
    icon: 'refresh-cw',
    describe: ({ days, peopleADay, graceHours }) =>
      `Asks people for a new password at their next sign-in once theirs is ${days} days old. At most ${counted(peopleADay, 'person', 'people')} a day, so that a company never expires at once; whoever is signed in goes on for ${counted(graceHours ?? 0, 'hour')}.`,
    permission: 'passwords.change',
    includesAuthor: true,
    audienceOf: 'enforce',
    settings: ['days', 'graceHours'],
    resultVerb: 'asked for a new one',
    warning: {
      heading: 'NIST and OWASP advise against this',
      text: 'People who must change on a schedule choose weaker passwords (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 6.2.10). Switch it on only if a contract or an insurer asks for it.',
    },
  },
  dormant: {
    name: 'Dormant accounts',
    icon: 'circle-pause',
    describe: ({ days }) =>
      `Makes an account inactive when nobody has signed in with it for ${days} days, and tells whoever switched this on.`,
    permission: 'users.manage',
    includesAuthor: false,
    audienceOf: 'dormant',
    settings: ['days'],
    resultVerb: 'made inactive',
  },
}

export const isAutomationKey = (name: unknown): name is AutomationKey =>
  automationKeys.includes(name as AutomationKey)

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** "14, 7 and 1 day" */
function inSeries(days: number[]): string {
  const last = days.at(-1) ?? 0
  const before = days.slice(0, -1).join(', ')
  return `${before && `${before} and `}${counted(last, 'day')}`
}

/** What one set of settings differs in from another, in the words that the log keeps. */
export function changesBetween(key: AutomationKey, before: NamedSettings, after: NamedSettings) {
  const old = settingTexts(key, before)
  return Object.entries(settingTexts(key, after))
    .map(([setting, words]) => ({ setting, before: old[setting] ?? '', after: words }))
    .filter((change) => change.before !== change.after)
}

/** Settings with the names of roles and teams beside them. */
export interface NamedSettings extends Settings {
  roleNames: string[]
  teamNames: string[]
}

function settingTexts(
  key: AutomationKey,
  { days, graceHours, daysAhead, ...rest }: NamedSettings,
): Record<string, string> {
  const of = (what: string) => `${definitions[key].name}, ${what}`
  return {
    [of('age')]: days === null ? '' : counted(days, 'day'),
    [of('grace')]: graceHours === null ? '' : counted(graceHours, 'hour'),
    [of('days ahead')]: daysAhead?.join(', ') ?? '',
    [of('most a day')]: counted(rest.peopleADay, 'person', 'people'),
    [of('runs')]: scheduleLabel(rest),
    [of('roles')]: rest.roleNames.join(', ') || 'all',
    [of('teams')]: rest.teamNames.join(', ') || 'all',
    [of('exempt')]: rest.exempt.join(', ') || 'nobody',
  }
}

export function scheduleLabel({ every, runAt }: Pick<Settings, 'every' | 'runAt'>): string {
  if (every === 'hour') return 'Every hour'
  return `${every === 'day' ? 'Every day' : 'Weekdays'} at ${runAt}`
}
