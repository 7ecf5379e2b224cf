import type { Request, RequestHandler, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, requirePermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { can } from '../access/can.ts'
import type { Actor } from '../access/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm, checkbox, typedFields } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { fieldsOf, listOf, readSelection, selectedIds, type Selection } from './selection.ts'
import { changeStatus, evaluateChanges, type Evaluated } from './change-status.ts'
import { skipExplanation, skippedSummary, statusTexts } from './status-messages.ts'
import type { FindLocked } from './filter.ts'
import { changeNames, type ChangeName, type Reason } from './status-transitions.ts'

declare global {
  interface Views {
    'people/bulk': {
      label: string
      mark: string
      done: string
      follows: string
      action: ChangeName
      list: Selection['list']
      back: string
      fields: [string, string][]
      chosenCount: number
      changed: ReturnType<typeof namesOf> & { count: number }
      skipped: ReturnType<typeof group>[]
      gone: number
    }
    'people/bulk-refused': { list: Selection['list']; back: string; words: string }
  }
}

const namesShown = 20
const ActionForm = z.object({
  action: z.enum(changeNames, 'Choose what to do with them.'),
  preview: checkbox,
})

interface BulkServices {
  db: Db
  findLocked: FindLocked
  others?: Record<string, RequestHandler>
}

/**
 * Bulk actions on fieldworkers or users. The lists ask for a `preview` first: a page that says what would happen and has
 * the form to confirm. `others` are the actions of later modules, by the name of the form field `action`.
 */
export function bulkRoutes({ db, findLocked, others = {} }: BulkServices): Router {
  const router = strictRouter()

  router.post('/fieldworkers/bulk', delegate(others), requirePermission('users.manage'), async (req, res) => {
    const form = parseForm(ActionForm, req.body)
    if (!form.ok) return nothingChosen(req, res, form.errors)
    const chosen = readSelection(typedFields(req.body), ...Object.keys(ActionForm.shape))
    if (!chosen.ok) return nothingChosen(req, res, chosen.errors)
    if (!requireRecentPassword(req, res, listOf(chosen.value))) return
    const ids = await selectedIds(db, actorOf(req), chosen.value, findLocked)
    const { action, preview: isPreview } = form.value
    if (isPreview) return preview(db, req, res, { action, ids, chosen: chosen.value })
    const result = await changeStatus(db, contextOf(req), action, ids)
    flash(req, ...successMessage(action, result, ids.length))
    res.redirect(303, listOf(chosen.value))
  })

  return router
}

const delegate = (others: Record<string, RequestHandler>): RequestHandler => {
  const known = new Map(Object.entries(others))
  return (req, res, next) => {
    const other = known.get(String(typedFields(req.body).action))
    return other ? other(req, res, next) : next()
  }
}

function successMessage(
  action: ChangeName,
  { changed, skipped }: Evaluated,
  chosen: number,
): [string, string] {
  const skippedText = skippedSummary(action, skipped, chosen - changed.length - skipped.length)
  const done = `${changed.length.toLocaleString('en')} ${statusTexts[action].done}`
  const title = [done, skippedText].filter(Boolean).join(', ')
  return [title, changed.length > 0 ? statusTexts[action].follows : 'Nothing was changed.']
}

interface BulkRequest {
  action: ChangeName
  ids: string[]
  chosen: Selection
}

async function preview(db: Db, req: Request, res: Response, { action, ids, chosen }: BulkRequest) {
  const actor = actorOf(req)
  const { changed, skipped } = await evaluateChanges(db, actor, action, ids)
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  renderPage(res, 'people/bulk', {
    title: `${statusTexts[action].label}: review before you confirm`,
    label: statusTexts[action].label,
    mark: statusTexts[action].icon,
    done: statusTexts[action].done,
    follows: statusTexts[action].follows,
    action,
    list: chosen.list,
    back: listOf(chosen),
    fields: fieldsOf(chosen),
    chosenCount: ids.length,
    narrow: true,
    changed: { count: changed.length, ...namesOf(actor, changed) },
    skipped: reasons.map((reason) => group(actor, action, reason, skipped)),
    gone: ids.length - changed.length - skipped.length,
  })
}

function group(actor: Actor, action: ChangeName, reason: Reason, skipped: Evaluated['skipped']) {
  const people = skipped.filter((person) => person.reason === reason)
  return { words: skipExplanation(action, reason), count: people.length, ...namesOf(actor, people) }
}

/** The first names of a list, without people that the viewer may not see. */
function namesOf(actor: Actor, people: Evaluated['skipped'] | Evaluated['changed']) {
  const visible = people.filter((person) => can(actor, 'users.view', person))
  return { names: visible.slice(0, namesShown).map(({ name }) => name), more: visible.length - namesShown }
}

function nothingChosen(req: Request, res: Response, errors: Errors) {
  const list = typedFields(req.body).list === 'users' ? 'users' : 'fieldworkers'
  const [words = ''] = Object.values(errors)
  const locals = { list, back: listOf({ list }), words, errors } as const
  renderPage(res, 'people/bulk-refused', { title: 'Nothing was changed', narrow: true, ...locals }, 422)
}
