import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import {
  actorOf,
  requireCompanyPermission,
  contextOf,
  requireRecentPassword,
} from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors, Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm, soundPart } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { CannedResponseForm, type CannedText } from './forms.ts'
import { findExamplePerson } from './example-person.ts'
import { previewOf } from './emails.ts'
import { charactersAfterLinks, placeholders } from './placeholders.ts'
import { selectCannedResponses, selectOptionalCannedResponse, type CannedResponse } from './queries.ts'
import {
  addCannedResponse,
  changeCannedResponse,
  nameError,
  removeCannedResponse,
  restoreCannedResponse,
} from './save-canned-response.ts'

const path = '/settings/communications/canned-responses'

/**
 * Creates, previews, changes, restores and deletes canned responses, the emails that campaigns send. They belong to the
 * whole company, so they need a company-wide role and a recent password.
 */
export function cannedResponseRoutes({ db, baseUrl }: { db: Db; baseUrl: string }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('campaigns.manage')
  const form = (req: Request, res: Response, input: FormInput) => formPage({ db, baseUrl }, req, res, input)
  const findResponse = (req: Request) => requestedResponse(db, req)

  router.get(path, guard, async (_req, res) => {
    renderPage(res, 'campaigns/canned-responses/list', {
      title: 'Canned responses',
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

  router.post(path, guard, async (req, res) => {
    if (!requireRecentPassword(req, res, `${path}/new`)) return
    await save(req, res, undefined, (text) => addCannedResponse(db, contextOf(req), text))
  })

  router.post(`${path}/:id`, guard, async (req, res) => {
    const response = await findResponse(req)
    if (!requireRecentPassword(req, res)) return
    await save(req, res, response, (text) => changeCannedResponse(db, contextOf(req), response.id, text))
  })

  router.post(`${path}/:id/restore`, guard, async (req, res) => {
    const response = await findResponse(req)
    if (!requireRecentPassword(req, res, `${path}/${response.id}`)) return
    const restored = await restoreCannedResponse(db, contextOf(req), response.id)
    if (!restored.ok) return form(req, res, { response, typed: response, errors: restored.errors })
    flash(req, `“${response.original?.name}” is restored`, 'It has its built-in text again.')
    res.redirect(303, path)
  })

  router.post(`${path}/:id/delete`, guard, async (req, res) => {
    const response = await findResponse(req)
    if (!requireRecentPassword(req, res, `${path}/${response.id}`)) return
    await removeCannedResponse(db, contextOf(req), response.id)
    flash(req, `“${response.name}” is deleted`, 'Campaigns that already started keep its text.')
    res.redirect(303, path)
  })

  async function save(
    req: Request,
    res: Response,
    response: CannedResponse | undefined,
    action: (text: CannedText) => Promise<Result<void>>,
  ) {
    const typed = typedIn(req)
    const text = parseForm(CannedResponseForm, req.body)
    const result = text.ok ? await action(text.value) : text
    if (!result.ok) {
      const errors = {
        ...(await nameError(db, soundPart(CannedResponseForm, req.body).name, response?.id)),
        ...result.errors,
      }
      return form(req, res, { response, typed, person: typed.person, errors })
    }
    const warning = warningFor(typed.body)
    flash(req, `“${typed.name}” is saved`, `New campaigns send this text.${warning ? ` ${warning}` : ''}`)
    res.redirect(303, path)
  }

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

/** What was typed, valid or not, for showing the form again. */
const text = z.string().catch('')
const Typed = z.object({
  name: text,
  subject: text,
  body: text,
  person: text,
  id: z.uuid().optional().catch(undefined),
})
const typedIn = (req: Request) => Typed.parse(req.body)

/** A problem with a text that can still be saved. */
function warningFor(body: string): string | null {
  const [character] = charactersAfterLinks(body)
  return character === undefined
    ? null
    : `“${character}” comes directly after {reset_link}, and some mail programs take it for a part of the address. Put the link on its own line: then it also gets a button.`
}

const isChanged = ({ original, name, subject, body }: CannedResponse): boolean =>
  original !== null && (original.name !== name || original.subject !== subject || original.body !== body)

interface FormInput {
  response?: CannedResponse
  typed: CannedText
  person?: unknown
  errors?: Errors
}

async function formPage(
  { db, baseUrl }: { db: Db; baseUrl: string },
  req: Request,
  res: Response,
  { response, typed, person, errors = {} }: FormInput,
) {
  const example = await findExamplePerson(db, actorOf(req), person)
  const company = (res.locals.company as { name: string }).name
  const values = {
    name: example.name,
    company,
    link: `${baseUrl}/reset-password/…`,
    expiresIn: linkLifetimeText('campaign'),
  }
  renderPage(
    res,
    'campaigns/canned-responses/form',
    {
      title: response ? response.name : 'New canned response',
      list: path,
      response,
      placeholders,
      typed: { name: typed.name, subject: typed.subject, body: typed.body },
      changed: response !== undefined && isChanged(response),
      person: example,
      preview: previewOf(typed, values),
      warning: warningFor(typed.body),
      errors: { ...errors, ...(example.wrong ? { person: example.wrong } : {}) },
    },
    Object.keys(errors).length > 0 || example.wrong ? 422 : 200,
  )
}
