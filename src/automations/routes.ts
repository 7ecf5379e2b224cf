import type { Request, Response, Router } from 'express'
import { actorOf, allowedForAll, by, provenWithin } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { read, soundPart } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { selectRoles } from '../people/manage/queries.ts'
import { selectTeams } from '../people/queries.ts'
import { catalogue, isKey, keys, type Key } from './catalogue.ts'
import { changeSettings, goneFrom, switchAutomation } from './change.ts'
import { selectDue, selectDueCount } from './due/queries.ts'
import { whomFor } from './due/whom.ts'
import { bounds, settingsForm, SwitchForm, Version } from './forms.ts'
import { selectAutomation, selectAutomations } from './queries.ts'
import { selectHistory, selectLastRuns } from './runs/queries.ts'
import { runNow } from './runs/schedule.ts'
import { outcomeOf, shownAutomation } from './shown.ts'

const stepUpMinutes = 30
const here = '/automations/security'
const previewed = 20
const remembered = 20

/** The four automations: what each does, whom it would concern today, what became of its runs. */
export function automationRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const guard = allowedForAll('automations.manage')

  router.get(here, guard, (req, res) => listPage(db, req, res))

  router.get(`${here}/:key`, guard, (req, res) => automationPage(db, asked(req), req, res))

  router.post(`${here}/:key`, guard, async (req, res) => {
    const key = asked(req)
    if (!provenWithin(stepUpMinutes, req, res)) return
    const again = (errors: Errors) => automationPage(db, key, req, res, { typed: typedIn(req), errors })
    const form = read(settingsForm(key), req.body)
    if (!form.ok) {
      const sound = soundPart(settingsForm(key), req.body)
      return again({ ...(await goneFrom(db, sound)), ...form.errors })
    }
    const changed = await changeSettings(db, by(req), key, Version.parse(typedIn(req).version), form.value)
    if (!changed.ok) return again(changed.errors)
    flash(req, `“${catalogue[key].name}” is saved`, 'If it is on, it acts with your rights from now on.')
    res.redirect(303, `${here}/${key}`)
  })

  router.post(`${here}/:key/switch`, guard, async (req, res) => {
    const key = asked(req)
    if (!provenWithin(stepUpMinutes, req, res, `${here}/${key}`)) return
    const again = (errors: Errors) => automationPage(db, key, req, res, { typed: typedIn(req), errors })
    const form = read(SwitchForm, req.body)
    if (!form.ok) return again(form.errors.to ? { form: form.errors.to } : form.errors)
    const { to, reason } = form.value
    await switchAutomation(db, by(req), key, to, reason)
    const follows =
      to === 'on' ? 'It acts with your rights, at its next turn.' : 'It does nothing by itself any more.'
    flash(req, `“${catalogue[key].name}” is ${to}`, follows)
    res.redirect(303, `${here}/${key}`)
  })

  router.post(`${here}/:key/runs`, guard, async (req, res) => {
    const key = asked(req)
    if (!provenWithin(stepUpMinutes, req, res, `${here}/${key}`)) return
    await runNow(db, by(req), key)
    flash(req, `“${catalogue[key].name}” has begun`, 'Its history, below, shows what becomes of it.')
    res.redirect(303, `${here}/${key}#history`)
  })

  return router
}

const typedIn = (req: Request) => (req.body ?? {}) as Record<string, unknown>

function asked(req: Request): Key {
  const { key } = req.params
  if (!isKey(key)) throw new NotFound()
  return key
}

async function listPage(db: Db, req: Request, res: Response) {
  const [automations, last] = [await selectAutomations(db), await selectLastRuns(db)]
  const age = automations.find(({ key }) => key === 'enforce')?.settings.days ?? 0
  const shown = []
  for (const key of keys) {
    const row = automations.find((one) => one.key === key)
    const run = last.find(({ automation }) => automation === key)
    const { due } = await selectDueCount(db, await whomFor(db, key, actorOf(req)))
    if (row)
      shown.push({ ...shownAutomation(row, age), due, last: run && { ...run, outcome: outcomeOf(key, run) } })
  }
  page(res, 'automations/list', { title: 'Security automations', automations: shown })
}

interface Again {
  typed: Record<string, unknown>
  errors: Errors
}

async function automationPage(db: Db, key: Key, req: Request, res: Response, again?: Again) {
  const row = await selectAutomation(db, key)
  const enforce = await selectAutomation(db, 'enforce')
  const { asks, whomOf, name } = catalogue[key]
  const whom = await whomFor(db, key, actorOf(req))
  const { errors = {}, typed } = again ?? {}
  const saved = formOf(row.settings)
  page(
    res,
    'automations/automation',
    {
      title: name,
      automation: shownAutomation(row, enforce.settings.days ?? 0),
      ...{ asks, bounds, errors, ownWhom: whomOf === key, version: row.version },
      form: typed && !('to' in typed) ? { ...saved, roleIds: [], teamIds: [], ...typed } : saved,
      reason: typeof typed?.reason === 'string' ? typed.reason : '',
      roles: await selectRoles(db),
      teams: await selectTeams(db, actorOf(req)),
      ...(await selectDueCount(db, whom)),
      preview: req.query.preview === undefined ? null : await selectDue(db, whom, previewed),
      history: (await selectHistory(db, key, remembered)).map((run) => ({
        ...run,
        outcome: outcomeOf(key, run),
      })),
    },
    again ? 422 : 200,
  )
}

/** Settings as the fields of the form hold them. */
const formOf = (settings: Awaited<ReturnType<typeof selectAutomation>>['settings']) => ({
  ...settings,
  daysAhead: settings.daysAhead?.join(', ') ?? '',
  exempt: settings.exempt.join('\n'),
})
