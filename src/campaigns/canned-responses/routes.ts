import { action } from '../../access/action.ts'
import type { Actor } from '../../access/actor.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, requireCompanyPermission, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { type Errors, ok } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { parseForm, soundPart } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { formPage, isChanged, path, typedIn, warningFor, type FormInput } from './form-page.ts'
import { CannedResponseForm, type CannedText } from './forms.ts'
import { selectCannedResponses, selectOptionalCannedResponse, type CannedResponse } from './queries.ts'
import {
  addCannedResponse,
  changeCannedResponse,
  nameError,
  removeCannedResponse,
  restoreCannedResponse,
} from './save-canned-response.ts'

declare global {
  interface Views {
    'campaigns/canned-responses/list': { actor: Actor; responses: (CannedResponse & { changed: boolean })[] }
  }
}

/**
 * Creates, previews, changes, restores and deletes canned responses, the emails that campaigns send. They belong to the
 * whole company, so they need a company-wide role and a recent password.
 */
export function cannedResponseRoutes({ db, baseUrl }: { db: Db; baseUrl: string }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('campaigns.manage')
  const form = (req: Request, res: Response, input: FormInput) => formPage({ db, baseUrl }, req, res, input)
  const findResponse = (req: Request) => requestedResponse(db, req)

  router.get(path, guard, async (req, res) => {
    renderPage(res, 'campaigns/canned-responses/list', {
      title: 'Canned responses',
      actor: actorOf(req),
      responses: (await selectCannedResponses(db)).map((one) => ({ ...one, changed: isChanged(one) })),
    })
  })

  router.get(`${path}/new`, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    await form(req, res, { typed: blank, person: req.query.person })
  })

  router.get(`${path}/:id`, guard, async (req, res) => {
    const response = await findResponse(req)
    if (!requireRecentPassword(req, res)) return
    await form(req, res, { response, typed: response, person: req.query.person })
  })

  // Previews what is typed and saves nothing.
  router.post(`${path}/preview`, guard, async (req, res) => {
    const typed = typedIn(req)
    const response = typed.id ? await selectOptionalCannedResponse(db, typed.id) : undefined
    const checked = parseForm(CannedResponseForm, req.body)
    const errors = checked.ok ? undefined : checked.errors
    await form(req, res, { response, typed, person: typed.person, errors })
  })

  const permission = { company: 'campaigns.manage' } as const
  const showErrors = async (
    req: Request,
    res: Response,
    response: CannedResponse | undefined,
    found: Errors,
  ) => {
    const typed = typedIn(req)
    const errors = {
      ...(await nameError(db, soundPart(CannedResponseForm, req.body).name, response?.id)),
      ...found,
    }
    await form(req, res, { response, typed, person: typed.person, errors })
  }

  router.post(
    path,
    action({
      permission,
      target: null,
      stepUp: 'desk',
      back: `${path}/new`,
      form: CannedResponseForm,
      showErrors: ({ req, res }, errors) => showErrors(req, res, undefined, errors),
      run: ({ by, form: text }) => addCannedResponse(db, by, text),
      flash: ({ req }) => savedMessage(typedIn(req)),
      redirect: path,
    }),
  )

  router.post(
    `${path}/:id`,
    action({
      permission,
      target: findResponse,
      stepUp: 'desk',
      form: CannedResponseForm,
      showErrors: ({ req, res, target }, errors) => showErrors(req, res, target, errors),
      run: ({ by, target, form: text }) => changeCannedResponse(db, by, target.id, text),
      flash: ({ req }) => savedMessage(typedIn(req)),
      redirect: path,
    }),
  )

  router.post(
    `${path}/:id/restore`,
    action({
      permission,
      target: findResponse,
      stepUp: 'desk',
      back: ({ target }) => `${path}/${target.id}`,
      form: null,
      showErrors: ({ req, res, target }, errors) =>
        form(req, res, { response: target, typed: target, errors }),
      run: ({ by, target }) => restoreCannedResponse(db, by, target.id),
      flash: ({ target }) => [`“${target.original?.name}” is restored`, 'It has its built-in text again.'],
      redirect: path,
    }),
  )

  router.post(
    `${path}/:id/delete`,
    action({
      permission,
      target: findResponse,
      stepUp: 'desk',
      back: ({ target }) => `${path}/${target.id}`,
      form: null,
      showErrors: null,
      run: async ({ by, target }) => ok(await removeCannedResponse(db, by, target.id)),
      flash: ({ target }) => [`“${target.name}” is deleted`, 'Campaigns that already started keep its text.'],
      redirect: path,
    }),
  )

  return router
}

async function requestedResponse(db: Db, req: Request): Promise<CannedResponse> {
  const id = z.uuid().safeParse(req.params.id)
  const found = id.success ? await selectOptionalCannedResponse(db, id.data) : undefined
  if (!found) throw new NotFound()
  return found
}

const blank = {
  name: '',
  subject: '',
  body: 'Hello {first_name},\n\n\n\n{reset_link}\n\nThe link works once, for {expires_in}.',
}

function savedMessage({ name, body }: CannedText): [title: string, text: string] {
  const warning = warningFor(body)
  return [`“${name}” is saved`, `New campaigns send this text.${warning ? ` ${warning}` : ''}`]
}
