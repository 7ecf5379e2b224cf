import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { holds } from '../access/actor.ts'
import { actorOf, allowed, allowedForAll, by, provenWithin, type StillForAll } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read, text, unlessEmpty } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { mayExport } from './routes.ts'
import { changeKey, type KeyRing } from './evidence/keys.ts'
import { selectEvidenceKeys } from './evidence/queries.ts'
import { selectHead, selectLastCheck, selectRetention } from './chain/queries.ts'
import { keepFor, shortestRetention } from './chain/retention.ts'

const stepUpMinutes = 30
const here = '/activity-log/evidence'
const tooShort = `Keep at least ${shortestRetention} months, or leave it empty to keep all.`

const RetentionForm = z.object({
  months: unlessEmpty(
    text.trim().refine((typed) => /^\d{1,3}$/.test(typed) && Number(typed) >= shortestRetention, tooShort),
  ),
})

interface Needs {
  db: Db
  keyRing: KeyRing
  /** Told when there is another key, so that lists of keys are written anew. */
  onNewKey: () => Promise<void>
  still: StillForAll
}

/** How the log is kept and how it is checked: its chain, the keys that sign, how long entries stay. */
export function keepingRoutes({ db, keyRing, onNewKey, still }: Needs): Router {
  const router = exactRouter()

  router.get(here, allowed('activity.view'), (req, res) => keepingPage(db, req, res))

  router.post('/activity-log/evidence-key', allowedForAll('settings.manage'), async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res, here)) return
    const outcome = await changeKey({ db, still }, by(req), keyRing)
    if (!outcome.ok) return keepingPage(db, req, res, { errors: outcome.errors })
    await onNewKey()
    flash(req, 'A new key signs from now on', 'What the old one signed stays good: it is listed below.')
    res.redirect(303, here)
  })

  router.post('/activity-log/retention', allowedForAll('settings.manage'), async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res, here)) return
    const form = read(RetentionForm, req.body)
    const typed = String((req.body as Record<string, unknown>).months ?? '')
    if (!form.ok) return keepingPage(db, req, res, { errors: form.errors, typed })
    const months = form.value.months === undefined ? null : Number(form.value.months)
    await keepFor({ db, still }, by(req), months)
    flash(req, months === null ? 'All entries are kept' : `Entries are kept for ${months} months`)
    res.redirect(303, here)
  })

  return router
}

async function keepingPage(
  db: Db,
  req: Request,
  res: Response,
  tried: { errors?: Errors; typed?: string } = {},
) {
  const { errors = {} } = tried
  const [check, head] = [await selectLastCheck(db), await selectHead(db)]
  const [keys, months] = [await selectEvidenceKeys(db), await selectRetention(db)]
  const actor = actorOf(req)
  page(
    res,
    'activity/evidence',
    {
      title: 'Evidence',
      ...{ check, head, errors, shortestRetention },
      months: tried.typed ?? months ?? '',
      keys: keys.map(({ public_key, ...key }) => ({ ...key, publicKey: public_key.toString('base64') })),
      mayManage: holds(actor, 'settings.manage') && actor.role.scope === 'company' && !actor.impersonator,
      mayExport: mayExport(actor),
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  )
}
