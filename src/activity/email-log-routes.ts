import type { Router } from 'express'
import { z } from 'zod'
import { actorOf, requirePermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { deliveryText } from '../platform/email/failure-texts.ts'
import { emailStatuses, selectEmailLog } from '../platform/email/queries.ts'
import { plainName } from '../platform/clean-pasted.ts'
import { parseForm, textField, optionalField, type Fields, typedFields } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { PageQuery } from './pagination.ts'

declare global {
  interface Views {
    'activity/email-log': {
      typed: Fields
      filtered: boolean
      emails: (Awaited<ReturnType<typeof selectEmailLog>>[number] & { answer: string | null })[]
      templates: string[]
      states: readonly string[]
      older: string | null
      newer: string | null
    }
  }
}

const perPage = 50

/** Lists every email with its status and the mail server's answer. Content and links are not shown. */
export function emailLogRoutes({ db, templates }: { db: Db; templates: string[] }): Router {
  const router = strictRouter()
  const EmailLogQuery = z.object({
    to: optionalField(
      textField.transform(plainName).refine((typed) => typed.length <= 200, 'Use at most 200 characters.'),
    ),
    template: optionalField(z.enum(templates, 'Choose an option.')),
    status: optionalField(z.enum(emailStatuses, 'Choose an option.')),
  })

  router.get('/email-log', requirePermission('activity.view'), async (req, res) => {
    const parsed = parseForm(EmailLogQuery, req.query)
    const filter = parsed.ok ? parsed.value : {}
    const { after } = PageQuery.parse(req.query)
    const { role, teamId } = actorOf(req)
    const team = role.scope === 'team' ? { teamId } : undefined
    const found = parsed.ok
      ? await selectEmailLog(db, { ...filter, team }, { older: after }, perPage + 1)
      : []
    const emails = found.slice(0, perPage).map((email) => ({ ...email, answer: deliveryText(email) }))
    const first = after && emails[0]
    const newer = first ? await selectEmailLog(db, { ...filter, team }, { newer: first.id }, perPage + 1) : []
    const pageUrl = (id?: string) => emailLogUrl({ ...filter, after: id })
    renderPage(
      res,
      'activity/email-log',
      {
        title: 'Email log',
        errors: parsed.ok ? {} : parsed.errors,
        typed: { ...typedFields(req.query), ...filter },
        filtered: Object.keys(filter).length > 0,
        ...{ emails, templates, states: emailStatuses },
        older: found.length > perPage ? pageUrl(emails.at(-1)?.id) : null,
        newer: after ? pageUrl(newer[perPage]?.id) : null,
      },
      parsed.ok ? 200 : 422,
    )
  })

  return router
}

function emailLogUrl(filter: Record<string, string | undefined>): string {
  const named = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return named.length > 0 ? `/email-log?${new URLSearchParams(named).toString()}` : '/email-log'
}
