import { action } from '../access/action.ts'
import type { Actor } from '../access/actor.ts'
import type { Request, Response, Router } from 'express'
import { actorOf, requireCompanyPermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { ok } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import { dayAndTime } from '../platform/web/dates.ts'
import { soundPart } from '../platform/web/form.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { definitions, isAutomationKey, automationKeys, type AutomationKey } from './definitions.ts'
import { changeSettings, missingChoices, switchAutomation } from './change-settings.ts'
import { selectDueCount } from './due/queries.ts'
import { audienceFor } from './due/audience.ts'
import { settingsForm, SwitchForm, Version } from './forms.ts'
import { selectAutomation, selectAutomations } from './queries.ts'
import { selectLastRuns } from './runs/queries.ts'
import { runNow } from './runs/start-runs.ts'
import { runSummary, toAutomationView } from './automation-view.ts'
import { automationPage } from './automation-page.ts'

declare global {
  interface Views {
    'automations/list': { actor: Actor; automations: Awaited<ReturnType<typeof cards>> }
  }
}

const path = '/automations/security'

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
