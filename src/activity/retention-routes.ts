import { action } from '../access/action.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { hasPermission } from '../access/actor.ts'
import { actorOf, requirePermission, type ReauthorizeCompany } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { type Errors, ok } from '../platform/result.ts'
import { textField, optionalField, textOf } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { mayExport } from './routes.ts'
import { replaceKey, type KeyRing } from './evidence/keys.ts'
import { selectEvidenceKeys } from './evidence/queries.ts'
import { toCheckView, type CheckView } from './chain/check.ts'
import { selectHead, selectLastCheck, selectRetention, type Head } from './chain/queries.ts'
import { setRetention, shortestRetention } from './chain/retention.ts'

declare global {
  interface Views {
    'activity/evidence': {
      check: CheckView | undefined
      head: Head | undefined
      shortestRetention: number
      months: string | number
      keys: { fingerprint: string; publicKey: string; made_at: Date; retired_at: Date | null }[]
      mayManage: boolean
      mayExport: boolean
    }
  }
}

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

  router.post(
    '/activity-log/evidence-key',
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      back: path,
      form: null,
      showErrors: ({ req, res }, errors) => evidencePage(db, req, res, { errors }),
      run: async ({ by }) => {
        const result = await replaceKey({ db, reauthorize }, by, keyRing)
        if (result.ok) await onNewKey()
        return result
      },
      flash: () => ['The key was rotated', 'Packs signed with the old key stay valid. It is listed below.'],
      redirect: path,
    }),
  )
  router.post(
    '/activity-log/retention',
    action({
      permission: { company: 'settings.manage' },
      target: null,
      stepUp: 'desk',
      back: path,
      form: RetentionForm,
      showErrors: ({ req, res, typed }, errors) =>
        evidencePage(db, req, res, { errors, typed: textOf(typed.months) }),
      run: async ({ by, form }) => {
        const months = form.months === undefined ? null : Number(form.months)
        await setRetention({ db, reauthorize }, by, months)
        return ok(months)
      },
      flash: ({ value: months }) => [
        months === null ? 'All entries are kept' : `Entries are kept for ${months} months`,
      ],
      redirect: path,
    }),
  )
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
