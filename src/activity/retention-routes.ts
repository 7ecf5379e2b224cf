import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { hasPermission } from '../access/actor.ts'
import {
  actorOf,
  requirePermission,
  requireCompanyPermission,
  contextOf,
  requireRecentPassword,
  type ReauthorizeCompany,
} from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm, textField, optionalField } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { mayExport } from './routes.ts'
import { replaceKey, type KeyRing } from './evidence/keys.ts'
import { selectEvidenceKeys } from './evidence/queries.ts'
import { toCheckView } from './chain/check.ts'
import { selectHead, selectLastCheck, selectRetention } from './chain/queries.ts'
import { setRetention, shortestRetention } from './chain/retention.ts'

const path = '/activity-log/evidence'
const tooShort = `Keep at least ${shortestRetention} months, or leave it empty to keep all.`

const RetentionForm = z.object({
  months: optionalField(
    textField
      .trim()
      .refine((typed) => /^\d{1,3}$/.test(typed) && Number(typed) >= shortestRetention, tooShort),
  ),
})

interface RetentionDeps {
  db: Db
  keyRing: KeyRing
  /** Called after a key change, so that the lists of keys are rewritten. */
  onNewKey: () => Promise<void>
  reauthorize: ReauthorizeCompany
}

/** The page about the log itself: its chain, its signing keys, and how long entries are kept. */
export function retentionRoutes({ db, keyRing, onNewKey, reauthorize }: RetentionDeps): Router {
  const router = strictRouter()

  router.get(path, requirePermission('activity.view'), (req, res) => evidencePage(db, req, res))

  router.post('/activity-log/evidence-key', requireCompanyPermission('settings.manage'), async (req, res) => {
    if (!requireRecentPassword(req, res, path)) return
    const result = await replaceKey({ db, reauthorize }, contextOf(req), keyRing)
    if (!result.ok) return evidencePage(db, req, res, { errors: result.errors })
    await onNewKey()
    flash(req, 'The key was rotated', 'Packs signed with the old key stay valid. It is listed below.')
    res.redirect(303, path)
  })

  router.post('/activity-log/retention', requireCompanyPermission('settings.manage'), async (req, res) => {
    if (!requireRecentPassword(req, res, path)) return
    const form = parseForm(RetentionForm, req.body)
    const typed = String((req.body as Record<string, unknown>).months ?? '')
    if (!form.ok) return evidencePage(db, req, res, { errors: form.errors, typed })
    const months = form.value.months === undefined ? null : Number(form.value.months)
    await setRetention({ db, reauthorize }, contextOf(req), months)
    flash(req, months === null ? 'All entries are kept' : `Entries are kept for ${months} months`)
    res.redirect(303, path)
  })

  return router
}

async function evidencePage(
  db: Db,
  req: Request,
  res: Response,
  submitted: { errors?: Errors; typed?: string } = {},
) {
  const { errors = {} } = submitted
  const [check, head] = [toCheckView(await selectLastCheck(db)), await selectHead(db)]
  const [keys, months] = [await selectEvidenceKeys(db), await selectRetention(db)]
  const actor = actorOf(req)
  renderPage(
    res,
    'activity/evidence',
    {
      title: 'Evidence',
      ...{ check, head, errors, shortestRetention },
      months: submitted.typed ?? months ?? '',
      keys: keys.map(({ public_key, ...key }) => ({ ...key, publicKey: public_key.toString('base64') })),
      mayManage:
        hasPermission(actor, 'settings.manage') && actor.role.scope === 'company' && !actor.impersonator,
      mayExport: mayExport(actor),
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  )
}
