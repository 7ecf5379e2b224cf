import type { Router } from 'express'
import { z } from 'zod'
import { actorOf, allowed } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { letterStates, selectLetterLog } from '../foundation/mail/queries.ts'
import { plainName } from '../foundation/pasted.ts'
import { read, text, unlessEmpty } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { PageQuery } from './pages.ts'

const perPage = 50

/** Every mail, its state and the words of the mail server. What a mail says is not told here, nor its link. */
export function emailLogRoutes({ db, templates }: { db: Db; templates: string[] }): Router {
  const router = exactRouter()
  const MailQuery = z.object({
    to: unlessEmpty(
      text.transform(plainName).refine((typed) => typed.length <= 200, 'Use at most 200 characters.'),
    ),
    template: unlessEmpty(z.enum(templates, 'Choose one of the list.')),
    status: unlessEmpty(z.enum(letterStates, 'Choose one of the list.')),
  })

  router.get('/email-log', allowed('activity.view'), async (req, res) => {
    const asked = read(MailQuery, req.query)
    const filter = asked.ok ? asked.value : {}
    const { after } = PageQuery.parse(req.query)
    const { role, teamId } = actorOf(req)
    const team = role.scope === 'team' ? { teamId } : undefined
    const found = asked.ok
      ? await selectLetterLog(db, { ...filter, team }, { older: after }, perPage + 1)
      : []
    const letters = found.slice(0, perPage)
    const first = after && letters[0]
    const newer = first
      ? await selectLetterLog(db, { ...filter, team }, { newer: first.id }, perPage + 1)
      : []
    const address = (place?: string) => addressOf({ ...filter, after: place })
    page(
      res,
      'activity/email-log',
      {
        title: 'Email log',
        errors: asked.ok ? {} : asked.errors,
        typed: { ...(req.query as Record<string, unknown>), ...filter },
        filtered: Object.keys(filter).length > 0,
        ...{ letters, templates, states: letterStates },
        older: found.length > perPage ? address(letters.at(-1)?.id) : null,
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
