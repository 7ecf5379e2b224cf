import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { actorOf } from '../../access/middleware.ts'
import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { previewOf } from './emails.ts'
import { findExamplePerson } from './example-person.ts'
import type { CannedText } from './forms.ts'
import { charactersAfterLinks, placeholders } from './placeholders.ts'
import type { CannedResponse } from './queries.ts'

declare global {
  interface Views {
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

export const path = '/settings/communications/canned-responses'

/** What was typed, valid or not, for showing the form again. */
const text = z.string().catch('')
const Typed = z.object({
  name: text,
  subject: text,
  body: text,
  person: text,
  id: z.uuid().optional().catch(undefined),
})
export const typedIn = (req: Request) => Typed.parse(req.body)

/** A problem with a text that can still be saved. */
export function warningFor(body: string): string | null {
  const [character] = charactersAfterLinks(body)
  return character === undefined
    ? null
    : `“${character}” comes directly after {reset_link}, and some mail programs take it for a part of the address. Put the link on its own line: then it also gets a button.`
}

export const isChanged = ({ original, name, subject, body }: CannedResponse): boolean =>
  original !== null && (original.name !== name || original.subject !== subject || original.body !== body)

export interface FormInput {
  response?: CannedResponse
  typed: CannedText
  person?: unknown
  errors?: Errors
}

/** The form of a canned response, with a preview for an example person. */
export async function formPage(
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
