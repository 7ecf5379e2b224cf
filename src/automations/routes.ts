import type { Request, Response, Router } from 'express'
import { actorOf, requireCompanyPermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import { dayAndTime } from '../platform/web/dates.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm, soundPart } from '../platform/web/form.ts'
import { renderPage, timeZoneOf } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { selectRoles } from '../people/manage/queries.ts'
import { selectTeams } from '../people/queries.ts'
import { definitions, isAutomationKey, automationKeys, type AutomationKey } from './definitions.ts'
import { changeSettings, missingChoices, switchAutomation } from './change-settings.ts'
import { selectDue, selectDueCount } from './due/queries.ts'
import { audienceFor } from './due/audience.ts'
import { bounds, settingsForm, SwitchForm, Version } from './forms.ts'
import { selectAutomation, selectAutomations } from './queries.ts'
import { selectHistory, selectLastRuns } from './runs/queries.ts'
import { runNow } from './runs/schedule.ts'
import { runSummary, toAutomationView } from './automation-view.ts'

const path = '/automations/security'
const maxPreview = 20
const maxHistory = 20

/** The automations: what each does, a preview of the people it would act on, and the history of its runs. */
export function automationRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('automations.manage')

  router.get(path, guard, (req, res) => listPage(db, req, res))

  router.get(`${path}/:key`, guard, (req, res) => automationPage(db, requestedKey(req), req, res))

  router.post(`${path}/:key`, guard, async (req, res) => {
    const key = requestedKey(req)
    if (!requireRecentPassword(req, res)) return
    const showErrors = (errors: Errors) =>
      automationPage(db, key, req, res, { typed: submittedFields(req), errors })
    const form = parseForm(settingsForm(key), req.body)
    if (!form.ok) {
      const valid = soundPart(settingsForm(key), req.body)
      return showErrors({ ...(await missingChoices(db, valid)), ...form.errors })
    }
    const changed = await changeSettings(
      db,
      contextOf(req),
      key,
      Version.parse(submittedFields(req).version),
      form.value,
    )
    if (!changed.ok) return showErrors(changed.errors)
    flash(
      req,
      `“${definitions[key].name}” is saved`,
      'If it is on, it runs with your permissions from now on.',
    )
    res.redirect(303, `${path}/${key}`)
  })

  router.post(`${path}/:key/switch`, guard, async (req, res) => {
    const key = requestedKey(req)
    if (!requireRecentPassword(req, res, `${path}/${key}`)) return
    const showErrors = (errors: Errors) =>
      automationPage(db, key, req, res, { typed: submittedFields(req), errors })
    const form = parseForm(SwitchForm, req.body)
    if (!form.ok) return showErrors(form.errors.to ? { form: form.errors.to } : form.errors)
    const { to, reason } = form.value
    await switchAutomation(db, contextOf(req), key, to, reason)
    const { nextRunAt } = await selectAutomation(db, key)
    const message =
      to === 'on'
        ? `It runs with your permissions. Next run: ${dayAndTime(nextRunAt, timeZoneOf(res))}.`
        : 'It no longer runs.'
    flash(req, `“${definitions[key].name}” is ${to}`, message)
    res.redirect(303, `${path}/${key}`)
  })

  router.post(`${path}/:key/runs`, guard, async (req, res) => {
    const key = requestedKey(req)
    if (!requireRecentPassword(req, res, `${path}/${key}`)) return
    await runNow(db, contextOf(req), key)
    flash(req, `“${definitions[key].name}” has started`, 'The history below shows its result.')
    res.redirect(303, `${path}/${key}#history`)
  })

  return router
}

const submittedFields = (req: Request) => (req.body ?? {}) as Record<string, unknown>

function requestedKey(req: Request): AutomationKey {
  const { key } = req.params
  if (!isAutomationKey(key)) throw new NotFound()
  return key
}

async function listPage(db: Db, req: Request, res: Response) {
  const [automations, last] = [await selectAutomations(db), await selectLastRuns(db)]
  const ageDays = automations.find(({ key }) => key === 'enforce')?.settings.days ?? 0
  const views = []
  for (const key of automationKeys) {
    const row = automations.find((one) => one.key === key)
    const run = last.find(({ automation }) => automation === key)
    const { due } = await selectDueCount(db, await audienceFor(db, key, actorOf(req)))
    if (row)
      views.push({
        ...toAutomationView(row, ageDays),
        due,
        last: run && { ...run, outcome: runSummary(key, run) },
      })
  }
  renderPage(res, 'automations/list', { title: 'Security automations', automations: views })
}

interface Rejected {
  typed: Record<string, unknown>
  errors: Errors
}

async function automationPage(db: Db, key: AutomationKey, req: Request, res: Response, rejected?: Rejected) {
  const row = await selectAutomation(db, key)
  const enforce = await selectAutomation(db, 'enforce')
  const { settings, audienceOf, name } = definitions[key]
  const audience = await audienceFor(db, key, actorOf(req))
  const { errors = {}, typed } = rejected ?? {}
  const saved = formOf(row.settings)
  renderPage(
    res,
    'automations/automation',
    {
      title: name,
      automation: toAutomationView(row, enforce.settings.days ?? 0),
      settings,
      bounds,
      errors,
      ownAudience: audienceOf === key,
      version: row.version,
      form: typed && !('to' in typed) ? { ...saved, roleIds: [], teamIds: [], ...typed } : saved,
      reason: typeof typed?.reason === 'string' ? typed.reason : '',
      roles: await selectRoles(db),
      teams: await selectTeams(db, actorOf(req)),
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

/** Settings as fields of the form. */
const formOf = (settings: Awaited<ReturnType<typeof selectAutomation>>['settings']) => ({
  ...settings,
  daysAhead: settings.daysAhead?.join(', ') ?? '',
  exempt: settings.exempt.join('\n'),
})
