import type { Router } from 'express'
import { z } from 'zod'
import { action } from '../../access/action.ts'
import type { Actor, RequestContext } from '../../access/actor.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import type { Db } from '../../platform/db.ts'
import { parseUrl } from '../../platform/parse-url.ts'
import { invalid, ok, type Result } from '../../platform/result.ts'
import { singleLine, textField, textOf } from '../../platform/web/form.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { deleteSavedView, selectOtherViewCount, upsertSavedView } from './queries.ts'

declare global {
  interface Views {
    'people/saved-views/form': { name: string; address: string }
  }
}

/** The pages whose views can be saved. */
const pages = ['/fieldworkers', '/settings/company/users', '/activity-log']
const maxViews = 20
const maxQuery = 1_000

const ViewForm = z.object({
  name: singleLine('Enter a name for the view.', 40),
  address: textField.refine(
    (address) => parseAddress(address) !== undefined,
    'This page has no views to save. Open a list, choose its filters, then save it.',
  ),
})

/** Saved views: one’s own names for an address of a list or of the log. */
export function savedViewRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.post(
    '/views',
    action({
      permission: 'own account',
      target: null,
      stepUp: 'never',
      form: ViewForm,
      showErrors: ({ res, typed }, errors) => {
        const locals = { name: textOf(typed.name), address: safePath(typed.address), errors }
        renderPage(res, 'people/saved-views/form', { title: 'Save this view', narrow: true, ...locals }, 422)
      },
      run: ({ by, form }) => saveView(db, by, form),
      flash: ({ form }) => [`The view “${form.name}” is saved`],
      redirect: ({ form }) => safePath(form.address),
    }),
  )

  router.post(
    '/views/:id/remove',
    action({
      permission: 'own account',
      target: (req) => idOf(req.params.id),
      stepUp: 'never',
      form: null,
      showErrors: null,
      run: ({ by, target }) => removeView(db, by, target),
      flash: ({ value }) => [`The view “${value.name}” is removed`],
      redirect: ({ typed, value }) => safePath(typed.returnTo, value.path),
    }),
  )

  return router
}

function idOf(param: unknown): string {
  const id = z.uuid().safeParse(param)
  if (!id.success) throw new NotFound()
  return id.data
}

function saveView(db: Db, by: RequestContext<Actor>, form: z.output<typeof ViewForm>): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by)
    const view = { ...parseAddress(form.address)!, userId: actor.id, name: form.name }
    if ((await selectOtherViewCount(tx, view)) >= maxViews)
      return invalid({ name: `You have ${maxViews} views of this page already. Remove one first.` })
    await upsertSavedView(tx, view)
    return ok(undefined)
  })
}

const removeView = (db: Db, by: RequestContext<Actor>, id: string) =>
  db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by)
    const removed = await deleteSavedView(tx, actor.id, id)
    if (!removed) throw new NotFound()
    return ok(removed)
  })

/** The page and the filters of an address. A place in the list is not part of a view. */
function parseAddress(address: string): { path: string; query: string } | undefined {
  const url = parseUrl(safePath(address, ''), 'http://x.invalid')
  if (!url || !pages.includes(url.pathname)) return undefined
  url.searchParams.delete('after')
  return url.search.length <= maxQuery ? { path: url.pathname, query: url.search } : undefined
}
