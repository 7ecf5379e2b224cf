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
import { personFor } from './example-person.ts'
import { previewOf } from './emails.ts'
import { behindLink, placeholders } from './placeholders.ts'
import { selectCannedResponses, selectOptionalCannedResponse, type CannedResponse } from './queries.ts'
import {
  addCannedResponse,
  changeCannedResponse,
  nameFault,
  removeCannedResponse,
  restoreCannedResponse,
} from './save-canned-response.ts'

const list = '/settings/communications/canned-responses'

/**
 * The emails that campaigns send: written here, filled in for somebody, changed and restored. They are the whole company's,
 * and reach many, so they ask for a role that reaches all of it, and for the password.
 */
export function cannedResponseRoutes({ db, baseUrl }: { db: Db; baseUrl: string }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('campaigns.manage')
  const form = (req: Request, res: Response, shown: Shown) => formPage({ db, baseUrl }, req, res, shown)
  const oneOf = (req: Request) => asked(db, req)

  router.get(list, guard, async (_req, res) => {
    renderPage(res, 'campaigns/canned-responses/list', {
      title: 'Canned responses',
      responses: (await selectCannedResponses(db)).map((one) => ({ ...one, changed: isChanged(one) })),
    })
  })

  router.get(`${list}/new`, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    await form(req, res, { typed: blank, person: req.query.person })
  })

  router.get(`${list}/:id`, guard, async (req, res) => {
    const response = await oneOf(req)
    if (!requireRecentPassword(req, res)) return
    await form(req, res, { response, typed: response, person: req.query.person })
  })

  // Shows what is typed, filled in, and saves nothing.
  router.post(`${list}/preview`, guard, async (req, res) => {
    const typed = typedIn(req)
    const response = typed.id ? await selectOptionalCannedResponse(db, typed.id) : undefined
    const checked = parseForm(CannedResponseForm, req.body)
    const errors = checked.ok ? undefined : checked.errors
    await form(req, res, { response, typed, person: typed.person, errors })
  })

  router.post(list, guard, async (req, res) => {
    if (!requireRecentPassword(req, res, `${list}/new`)) return
    await save(req, res, undefined, (text) => addCannedResponse(db, contextOf(req), text))
  })

  router.post(`${list}/:id`, guard, async (req, res) => {
    const response = await oneOf(req)
    if (!requireRecentPassword(req, res)) return
    await save(req, res, response, (text) => changeCannedResponse(db, contextOf(req), response.id, text))
  })

  router.post(`${list}/:id/restore`, guard, async (req, res) => {
    const response = await oneOf(req)
    if (!requireRecentPassword(req, res, `${list}/${response.id}`)) return
    const restored = await restoreCannedResponse(db, contextOf(req), response.id)
    if (!restored.ok) return form(req, res, { response, typed: response, errors: restored.errors })
    flash(req, `“${response.original?.name}” is restored`, 'It is again as it came with Fieldkey.')
    res.redirect(303, list)
  })

  router.post(`${list}/:id/delete`, guard, async (req, res) => {
    const response = await oneOf(req)
    if (!requireRecentPassword(req, res, `${list}/${response.id}`)) return
    await removeCannedResponse(db, contextOf(req), response.id)
    flash(req, `“${response.name}” is deleted`, 'Campaigns that were started with it keep its text.')
    res.redirect(303, list)
  })

  async function save(
    req: Request,
    res: Response,
    response: CannedResponse | undefined,
    action: (text: CannedText) => Promise<Result<void>>,
  ) {
    const typed = typedIn(req)
    const text = parseForm(CannedResponseForm, req.body)
    const outcome = text.ok ? await action(text.value) : text
    if (!outcome.ok) {
      const errors = {
        ...(await nameFault(db, soundPart(CannedResponseForm, req.body).name, response?.id)),
        ...outcome.errors,
      }
      return form(req, res, { response, typed, person: typed.person, errors })
    }
    const warning = warningFor(typed.body)
    flash(
      req,
      `“${typed.name}” is saved`,
      `Campaigns that start from now on send it.${warning ? ` ${warning}` : ''}`,
    )
    res.redirect(303, list)
  }

  return router
}

async function asked(db: Db, req: Request): Promise<CannedResponse> {
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

/** What stands in the fields, sound or not, to be shown again. */
const word = z.string().catch('')
const Typed = z.object({
  name: word,
  subject: word,
  body: word,
  person: word,
  id: z.uuid().optional().catch(undefined),
})
const typedIn = (req: Request) => Typed.parse(req.body)

/** What is better written otherwise, though it can be saved. */
function warningFor(body: string): string | null {
  const [sign] = behindLink(body)
  return sign === undefined
    ? null
    : `“${sign}” stands right behind {reset_link}, and some mail programs take it for a part of the address. Better put the link on a line of its own: then it gets a button, too.`
}

const isChanged = ({ original, name, subject, body }: CannedResponse): boolean =>
  original !== null && (original.name !== name || original.subject !== subject || original.body !== body)

interface Shown {
  response?: CannedResponse
  typed: CannedText
  person?: unknown
  errors?: Errors
}

async function formPage(
  { db, baseUrl }: { db: Db; baseUrl: string },
  req: Request,
  res: Response,
  { response, typed, person, errors = {} }: Shown,
) {
  const found = await personFor(db, actorOf(req), person)
  const company = (res.locals.company as { name: string }).name
  const filling = {
    name: found.name,
    company,
    link: `${baseUrl}/reset-password/…`,
    expiresIn: linkLifetimeText('campaign'),
  }
  renderPage(
    res,
    'campaigns/canned-responses/form',
    {
      title: response ? response.name : 'New canned response',
      ...{ list, response, placeholders },
      typed: { name: typed.name, subject: typed.subject, body: typed.body },
      changed: response !== undefined && isChanged(response),
      person: found,
      preview: previewOf(typed, filling),
      warning: warningFor(typed.body),
      errors: { ...errors, ...(found.wrong ? { person: found.wrong } : {}) },
    },
    Object.keys(errors).length > 0 || found.wrong ? 422 : 200,
  )
}
