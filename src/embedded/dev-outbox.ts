import type { Router, Request } from 'express'
import { z } from 'zod'
import type { Db } from '../platform/db.ts'
import { NotFound } from '../platform/web/errors.ts'
import { renderPage } from '../platform/web/render-page.ts'
import {
  emailContext,
  renderEmail,
  type EmailTemplates,
  type LinkPath,
  type EmailContext,
} from '../platform/email/render.ts'
import { selectEmails, selectOptionalEmail, type EmailRow } from '../platform/email/queries.ts'
import { strictRouter } from '../platform/web/router.ts'

interface Needs {
  db: Db
  book: EmailTemplates
  setting: () => Promise<EmailContext>
  peekLink: LinkPath
}

/** What would have been mailed, for whoever develops: mounted only where no SMTP_URL is set, never in production. */
export function devOutboxRoutes({ db, book, setting, peekLink }: Needs): Router {
  const router = strictRouter()
  const shown = async (email: EmailRow) => {
    const its = await emailContext(email.data, await setting(), peekLink)
    const written = await renderEmail(book, email.template, email.data, its)
    const { id, template, status, to_address: to, to_name: toName, created_at: at } = email
    return {
      ...{ id, at, to, toName, template, status },
      ...written,
      link: its.link ?? null,
      html_address: `/dev/outbox/${id}/html`,
    }
  }
  const letterOf = async (req: Request) => {
    const id = z.uuid().safeParse(req.params.id)
    const email = id.success ? await selectOptionalEmail(db, id.data) : undefined
    if (!email) throw new NotFound()
    return shown(email)
  }

  router.get('/dev/outbox', async (_req, res) => {
    const emails = await Promise.all((await selectEmails(db, 100)).map(shown))
    renderPage(res, 'dev-outbox/outbox', { title: 'Dev outbox', emails: emails })
  })

  router.get('/dev/outbox.json', async (_req, res) => {
    res.json(await Promise.all((await selectEmails(db, 1000)).map(shown)))
  })

  router.get('/dev/outbox/:id', async (req, res) => {
    const email = await letterOf(req)
    renderPage(res, 'dev-outbox/email', { title: email.subject, email: email })
  })

  // A letter is styled inline, as mails are; here alone the page's policy allows it.
  router.get('/dev/outbox/:id/html', async (req, res) => {
    res.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    res.type('html').send((await letterOf(req)).html)
  })

  return router
}
