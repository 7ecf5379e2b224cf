import type { Router, Request } from 'express'
import { z } from 'zod'
import type { Db } from '../platform/db.ts'
import { NotFound } from '../platform/web/errors.ts'
import { renderPage } from '../platform/web/render-page.ts'
import {
  emailContext,
  renderEmail,
  type CallerCodeOf,
  type EmailTemplates,
  type LinkPath,
  type EmailContext,
  type RenderedEmail,
} from '../platform/email/render.ts'
import { selectEmails, selectOptionalEmail, type EmailRow } from '../platform/email/queries.ts'
import { strictRouter } from '../platform/web/router.ts'

declare global {
  interface Views {
    'dev-outbox/outbox': { emails: EmailView[] }
    'dev-outbox/email': { email: EmailView }
  }
}

interface EmailView extends RenderedEmail {
  id: string
  at: Date
  to: string
  toName: string
  template: string
  status: string
  link: string | null
  html_address: string
}

interface DevOutboxDeps {
  db: Db
  templates: EmailTemplates
  context: () => Promise<EmailContext>
  previewLink: LinkPath
  callerCodeOf: CallerCodeOf
}

/** Shows developers the emails that would have been sent. Mounted only without SMTP_URL, never in production. */
export function devOutboxRoutes({
  db,
  templates,
  context,
  previewLink,
  callerCodeOf,
}: DevOutboxDeps): Router {
  const router = strictRouter()
  const toView = async (email: EmailRow): Promise<EmailView> => {
    const own = await emailContext(email.data, await context(), previewLink, callerCodeOf)
    const rendered = renderEmail(templates, email.template, email.data, own)
    const { id, template, status, to_address: to, to_name: toName, created_at: at } = email
    return {
      ...{ id, at, to, toName, template, status },
      ...rendered,
      link: own.link ?? null,
      html_address: `/dev/outbox/${id}/html`,
    }
  }
  const loadEmail = async (req: Request) => {
    const id = z.uuid().safeParse(req.params.id)
    const email = id.success ? await selectOptionalEmail(db, id.data) : undefined
    if (!email) throw new NotFound()
    return toView(email)
  }

  router.get('/dev/outbox', async (_req, res) => {
    const emails = await Promise.all((await selectEmails(db, 100)).map(toView))
    renderPage(res, 'dev-outbox/outbox', { title: 'Dev outbox', emails })
  })

  router.get('/dev/outbox.json', async (_req, res) => {
    res.json(await Promise.all((await selectEmails(db, 1000)).map(toView)))
  })

  router.get('/dev/outbox/:id', async (req, res) => {
    const email = await loadEmail(req)
    renderPage(res, 'dev-outbox/email', { title: email.subject, email })
  })

  // Emails use inline styles; only here the page's policy allows them.
  router.get('/dev/outbox/:id/html', async (req, res) => {
    res.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    res.type('html').send((await loadEmail(req)).html)
  })

  return router
}
