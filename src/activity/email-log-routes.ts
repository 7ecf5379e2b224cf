import type { Router } from 'express'
import { z } from 'zod'
import { actorOf, requirePermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { emailStatuses, selectEmailLog } from '../platform/email/queries.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { parseForm, textField, optionalField } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { PageQuery } from './pagination.ts'

const perPage = 50

/** Every mail, its state and the words of the mail server. What a mail says is not told here, nor its link. */
export function emailLogRoutes({ db, templates }: { db: Db; templates: string[] }): Router {
  const router = strictRouter()
  const MailQuery = z.object({
    to: optionalField(
      textField.transform(plainName).refine((typed) => typed.length <= 200, 'Use at most 200 characters.'),
    ),
    template: optionalField(z.enum(templates, 'Choose one of the list.')),
    status: optionalField(z.enum(emailStatuses, 'Choose one of the list.')),
  })

  router.get('/email-log', requirePermission('activity.view'), async (req, res) => {
    const asked = parseForm(MailQuery, req.query)
    const filter = asked.ok ? asked.value : {}
    const { after } = PageQuery.parse(req.query)
    const { role, teamId } = actorOf(req)
    const team = role.scope === 'team' ? { teamId } : undefined
    const found = asked.ok ? await selectEmailLog(db, { ...filter, team }, { older: after }, perPage + 1) : []
    const emails = found.slice(0, perPage)
    const first = after && emails[0]
    const newer = first ? await selectEmailLog(db, { ...filter, team }, { newer: first.id }, perPage + 1) : []
    const address = (place?: string) => addressOf({ ...filter, after: place })
    renderPage(
      res,
      'activity/email-log',
      {
        title: 'Email log',
        errors: asked.ok ? {} : asked.errors,
        typed: { ...(req.query as Record<string, unknown>), ...filter },
        filtered: Object.keys(filter).length > 0,
        ...{ emails: emails, templates, states: emailStatuses },
        older: found.length > perPage ? address(emails.at(-1)?.id) : null,
        newer: after ? address(newer[perPage]?.id) : null,
      },
      asked.ok ? 200 : 422,
    )
  })

  return router
}

function addressOf(filter: Record<string, string | undefined>): string {
  const named = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return named.length > 0 ? `/email-log?${new URLSearchParams(named).toString()}` : '/email-log'
}
