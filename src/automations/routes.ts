import { action } from '../access/action.ts'
import type { Actor } from '../access/actor.ts'
import type { Request, Response, Router } from 'express'
import { actorOf, requireCompanyPermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { type Errors, ok } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import { dayAndTime } from '../platform/web/dates.ts'
import { soundPart, textOf, type Fields, textsOf } from '../platform/web/form.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { selectRoles } from '../people/manage/queries.ts'
import { selectTeams } from '../people/queries.ts'
import {
  definitions,
  isAutomationKey,
  automationKeys,
  type AutomationKey,
  type Settings,
} from './definitions.ts'
import { changeSettings, missingChoices, switchAutomation } from './change-settings.ts'
import { selectDue, selectDueCount, type Due } from './due/queries.ts'
import { audienceFor } from './due/audience.ts'
import { bounds, settingsForm, SwitchForm, Version } from './forms.ts'
import { selectAutomation, selectAutomations } from './queries.ts'
import { selectHistory, selectLastRuns, type History } from './runs/queries.ts'
import { runNow } from './runs/start-runs.ts'
import { runSummary, toAutomationView } from './automation-view.ts'

declare global {
  interface Views {
    'automations/list': { actor: Actor; automations: Awaited<ReturnType<typeof cards>> }
    'automations/automation': {
      actor: Actor
      automation: ReturnType<typeof toAutomationView>
      settings: readonly string[]
      bounds: typeof bounds
      ownAudience: boolean
      version: number
      form: SettingsFields
      reason: string
      roles: { id: string; name: string }[]
      teams: { id: string; name: string }[]
      due: number
      beyond: number
      preview: Due[] | null
      history: (History & { outcome: string })[]
    }
  }
}

const path = '/automations/security'
const maxPreview = 20
const maxHistory = 20

/** The automations: what each does, a preview of the people it would act on, and the history of its runs. */
export function automationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('automations.manage')

  router.get(path, guard, (req, res) => listPage(db, req, res))

  router.get(`${path}/:key`, guard, (req, res) => automationPage(db, requestedKey(req), req, res))

  const ofAutomation = {
    permission: { company: 'automations.manage' },
    target: requestedKey,
    stepUp: 'desk',
  } as const

  router.post(
    `${path}/:key`,
    action({
      ...ofAutomation,
      form: ({ target: key }) => settingsForm(key),
      moreErrors: ({ req, target: key }) => missingChoices(db, soundPart(settingsForm(key), req.body)),
      showErrors: ({ req, res, target, typed }, errors) =>
        automationPage(db, target, req, res, { typed, errors }),
      run: ({ by, target, typed, form }) =>
        changeSettings(db, by, target, Version.parse(typed.version), form),
      flash: ({ target }) => [
        `“${definitions[target].name}” is saved`,
        'If it is on, it runs with your permissions from now on.',
      ],
      redirect: ({ target }) => `${path}/${target}`,
    }),
  )
  router.post(
    `${path}/:key/switch`,
    action({
      ...ofAutomation,
      back: ({ target }) => `${path}/${target}`,
      form: SwitchForm,
      showErrors: ({ req, res, target, typed }, errors) =>
        automationPage(db, target, req, res, {
          typed,
          errors: errors.to ? { form: errors.to } : errors,
        }),
      run: async ({ by, target, form: { to, reason } }) => {
        await switchAutomation(db, by, target, to, reason)
        return ok(await selectAutomation(db, target))
      },
      flash: ({ res, target, form: { to }, value: { nextRunAt } }) => [
        `“${definitions[target].name}” is ${to}`,
        to === 'on'
          ? `It runs with your permissions. Next run: ${dayAndTime(nextRunAt, timeZoneOf(res))}.`
          : 'It no longer runs.',
      ],
      redirect: ({ target }) => `${path}/${target}`,
    }),
  )
  router.post(
    `${path}/:key/runs`,
    action({
      ...ofAutomation,
      back: ({ target }) => `${path}/${target}`,
      form: null,
      showErrors: null,
      run: async ({ by, target }) => ok(await runNow(db, by, target)),
      flash: ({ target }) => [
        `“${definitions[target].name}” has started`,
        'The history below shows its result.',
      ],
      redirect: ({ target }) => `${path}/${target}#history`,
    }),
  )
  return router
}

function requestedKey(req: Request): AutomationKey {
  const { key } = req.params
  if (!isAutomationKey(key)) throw new NotFound()
  return key
}

async function listPage(db: Db, req: Request, res: Response) {
  const actor = actorOf(req)
  renderPage(res, 'automations/list', {
    title: 'Security automations',
    actor,
    automations: await cards(db, actor),
  })
}

/** Each automation with what came of its last run, and how many people it would act on. */
async function cards(db: Db, actor: Actor) {
  const [automations, last] = [await selectAutomations(db), await selectLastRuns(db)]
  const ageDays = automations.find(({ key }) => key === 'enforce')?.settings.days ?? 0
  const views = []
  for (const key of automationKeys) {
    const row = automations.find((one) => one.key === key)
    const run = last.find(({ automation }) => automation === key)
    const { due } = await selectDueCount(db, await audienceFor(db, key, actor))
    if (row)
      views.push({
        ...toAutomationView(row, ageDays),
        due,
        last: run && { ...run, outcome: runSummary(key, run) },
      })
  }
  return views
}

interface Rejected {
  typed: Fields
  errors: Errors
}

async function automationPage(db: Db, key: AutomationKey, req: Request, res: Response, rejected?: Rejected) {
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
