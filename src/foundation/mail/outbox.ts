import type { Router, Request } from 'express'
import { z } from 'zod'
import type { Db } from '../db.ts'
import { NotFound } from '../web/errors.ts'
import { page } from '../web/page.ts'
import { settingOf, writeLetter, type LetterBook, type LinkPath, type Setting } from './letter.ts'
import { selectLetters, selectOptionalLetter, type LetterRow } from './queries.ts'
import { exactRouter } from '../web/router.ts'

interface Needs {
  db: Db
  book: LetterBook
  setting: () => Promise<Setting>
  peekLink: LinkPath
}

/** What would have been mailed, for whoever develops: mounted only where no SMTP_URL is set, never in production. */
export function outboxRoutes({ db, book, setting, peekLink }: Needs): Router {
  const router = exactRouter()
  const shown = async (letter: LetterRow) => {
    const its = await settingOf(letter.data, await setting(), peekLink)
    const written = await writeLetter(book, letter.template, letter.data, its)
    const { id, template, status, to_address: to, to_name: toName, created_at: at } = letter
    return {
      ...{ id, at, to, toName, template, status },
      ...written,
      link: its.link ?? null,
      html_address: `/dev/outbox/${id}/html`,
    }
  }
  const letterOf = async (req: Request) => {
    const id = z.uuid().safeParse(req.params.id)
    const letter = id.success ? await selectOptionalLetter(db, id.data) : undefined
    if (!letter) throw new NotFound()
    return shown(letter)
  }

  router.get('/dev/outbox', async (_req, res) => {
    const letters = await Promise.all((await selectLetters(db, 100)).map(shown))
    page(res, 'mail/outbox', { title: 'Dev outbox', letters })
  })

  router.get('/dev/outbox.json', async (_req, res) => {
    res.json(await Promise.all((await selectLetters(db, 1000)).map(shown)))
  })

  router.get('/dev/outbox/:id', async (req, res) => {
    const letter = await letterOf(req)
    page(res, 'mail/letter', { title: letter.subject, letter })
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
