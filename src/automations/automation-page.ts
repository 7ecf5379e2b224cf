import type { Request, Response } from 'express'
import type { Actor } from '../access/actor.ts'
import { actorOf } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { textOf, textsOf, type Fields } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { selectRoles } from '../people/manage/queries.ts'
import { selectTeams } from '../people/queries.ts'
import { runSummary, toAutomationView } from './automation-view.ts'
import { definitions, type AutomationKey, type Settings } from './definitions.ts'
import { audienceFor } from './due/audience.ts'
import { selectDue, selectDueCount, type Due } from './due/queries.ts'
import { bounds } from './forms.ts'
import { selectAutomation } from './queries.ts'
import { selectHistory, type History } from './runs/queries.ts'

declare global {
  interface Views {
    'automations/automation': {
      actor: Actor
      automation: ReturnType<typeof toAutomationView>
      settings: readonly string[]
      bounds: typeof bounds
      ownAudience: boolean
      version: number
      form: SettingsFields
      reason: string
      /** Somebody pressed the switch in the list: nothing happened yet. */
      asksReason: boolean
      roles: { id: string; name: string }[]
      teams: { id: string; name: string }[]
      due: number
      beyond: number
      preview: Due[] | null
      history: (History & { outcome: string })[]
    }
  }
}

const maxPreview = 20
const maxHistory = 20

export interface Rejected {
  typed: Fields
  errors: Errors
}

/** One automation: its settings, a preview of the people it would act on, and the history of its runs. */
export async function automationPage(
  db: Db,
  key: AutomationKey,
  req: Request,
  res: Response,
  rejected?: Rejected,
) {
  const row = await selectAutomation(db, key)
  const enforce = await selectAutomation(db, 'enforce')
  const { settings, audienceOf, name } = definitions[key]
  const actor = actorOf(req)
  const audience = await audienceFor(db, key, actor)
  const { errors = {}, typed } = rejected ?? {}
  const saved = formOf(row.settings)
  renderPage(
    res,
    'automations/automation',
    {
      title: name,
      actor,
      automation: toAutomationView(row, enforce.settings.days ?? 0),
      settings,
      bounds,
      errors,
      ownAudience: audienceOf === key,
      version: row.version,
      form:
        typed && !('to' in typed)
          ? { ...saved, ...textsOf(typed), roleIds: typed.roleIds ?? [], teamIds: typed.teamIds ?? [] }
          : saved,
      reason: textOf(typed?.reason),
      asksReason: req.query.switch === 'on' && !row.switchedOn && !rejected,
      roles: await selectRoles(db),
      teams: await selectTeams(db, actor),
      ...(await selectDueCount(db, audience)),
      preview: req.query.preview === undefined ? null : await selectDue(db, audience, maxPreview),
      history: (await selectHistory(db, key, maxHistory)).map((run) => ({
        ...run,
        outcome: runSummary(key, run),
      })),
    },
    rejected ? 422 : 200,
  )
}

/** Settings as fields of the form, as stored or as typed. */
type SettingsFields = Record<Exclude<keyof Settings, 'roleIds' | 'teamIds'>, string> &
  Record<'roleIds' | 'teamIds', string | string[]>

const formOf = (settings: Settings): SettingsFields => ({
  ...settings,
  peopleADay: String(settings.peopleADay),
  days: String(settings.days ?? ''),
  graceHours: String(settings.graceHours ?? ''),
  daysAhead: settings.daysAhead?.join(', ') ?? '',
  exempt: settings.exempt.join('\n'),
})
