import { action } from '../../access/action.ts'
import type { Actor } from '../../access/actor.ts'
import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, requireCompanyPermission, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { type Errors, ok } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
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

declare global {
  interface Views {
    'campaigns/canned-responses/list': { actor: Actor; responses: (CannedResponse & { changed: boolean })[] }
    'campaigns/canned-responses/form': {
      actor: Actor
      list: string
      response: CannedResponse | undefined
      placeholders: typeof placeholders
      typed: CannedText
      changed: boolean
      person: { name: string; typed: string }
      preview: ReturnType<typeof previewOf>
      warning: string | null
    }
  }
}

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

function savedMessage({ name, body }: CannedText): [title: string, text: string] {
  const warning = warningFor(body)
  return [`“${name}” is saved`, `New campaigns send this text.${warning ? ` ${warning}` : ''}`]
}

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
  const actor = actorOf(req)
  const example = await findExamplePerson(db, actor, person)
  const company = res.locals.company.name
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
      actor,
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
