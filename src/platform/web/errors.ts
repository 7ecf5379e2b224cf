import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { isQueryTimeout } from '../db.ts'
import { log } from '../log.ts'
import { Overloaded } from '../overloaded.ts'
import { renderPage } from './render-page.ts'
import { loggablePath } from './request-target.ts'
import { actorIds } from './request-log.ts'

interface Explanation {
  heading: string
  message: string
  advice?: string
}

/** A refusal that the person is told about, in words, on a page of its own. */
export class Forbidden extends Error {
  readonly explanation: Explanation
  /** What the process's log calls it, in the words of the OWASP Logging Vocabulary. */
  readonly event: 'authz_fail' | 'malicious_csrf'
  constructor(explanation: Explanation, event: Forbidden['event'] = 'authz_fail') {
    super(explanation.heading)
    this.explanation = explanation
    this.event = event
  }
}

export class NotFound extends Error {}

/** What cannot be done at the same time as something else that is going on. */
export class Conflict extends Error {
  readonly explanation: Explanation
  constructor(explanation: Explanation) {
    super(explanation.heading)
    this.explanation = explanation
  }
}

export class TooManyRequests extends Error {
  readonly retryAfter: number
  readonly explanation: Explanation | undefined
  constructor(retryAfter: number, explanation?: Explanation) {
    super('Throttled')
    this.retryAfter = retryAfter
    this.explanation = explanation
  }
}

/** A form that came from elsewhere, or that is too old and whose page is not known. */
export const forged = () =>
  new Forbidden(
    {
      heading: 'This page was open for too long',
      message:
        'For your safety a form works only for a while, and only from our own page. Nothing was changed.',
      advice: 'Go back, load the page again, and send the form once more.',
    },
    'malicious_csrf',
  )

export const notFound: RequestHandler = (_req, _res, next) => next(new NotFound())

/** The last door: turns whatever was thrown into a page that says what to do next, and never how we are built. */
export const errorPage: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (res.headersSent) return brokenOff(error, req, res)
  const answer = answerTo(req.staleForm && error instanceof NotFound ? forged() : error)
  if (answer.code === 500) log.error({ err: error, reference: req.reference }, 'unexpected error')
  const event = req.staleForm ? undefined : eventOf(error) // that form was told of before its page was shown
  if (event) {
    const path = loggablePath(req)
    log.warn({ event, reference: req.reference, ...actorIds(req), ip: req.ip, path }, 'refused')
  }
  if (answer.retryAfter !== undefined) res.set('Retry-After', String(answer.retryAfter))
  showError(req, res, answer)
}

/** When even the error page cannot be shown: a plain line, and never how we are built. */
export const lastResort: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (res.headersSent) return brokenOff(error, req, res)
  log.error({ err: error, reference: req.reference }, 'the error page failed')
  res.status(500).type('text').send(`Something went wrong on our side. Reference ${req.reference}`)
}

/** Refusals are told to the process's log, by the request they belong to (ASVS 16.3.2, 16.3.3). */
function eventOf(error: unknown) {
  if (error instanceof Forbidden) return error.event
  return error instanceof TooManyRequests ? 'excess_rate_limit_exceeded' : undefined
}

/** An answer under way cannot become a page any more: it ends where it is, visibly. */
function brokenOff(error: unknown, req: Request, res: Response) {
  log.error({ err: error, reference: req.reference }, 'an answer broke off')
  res.destroy()
}

interface Answer extends Explanation {
  code: number
  retryAfter?: number
}

function answerTo(error: unknown): Answer {
  if (error instanceof Forbidden) return { code: 403, ...error.explanation }
  if (error instanceof NotFound) return pageNotFound
  if (error instanceof Conflict) return { code: 409, ...error.explanation }
  if (error instanceof TooManyRequests)
    return { ...tooOften, ...error.explanation, retryAfter: error.retryAfter }
  if (error instanceof Overloaded) return { ...busy, retryAfter: error.retryAfter }
  if (databaseIsAway(error)) return { ...databaseUnavailable, retryAfter: 5 }
  const { status } = error as { status?: unknown }
  if (status === 413) return tooLarge
  if (typeof status === 'number' && status >= 400 && status < 500) return unreadable
  return unexpected
}

const pageNotFound = {
  code: 404,
  heading: 'There is nothing at this address',
  message: 'The link may be old, or a letter went missing when it was copied.',
}
const tooOften = {
  code: 429,
  heading: 'Too many tries',
  message: 'Wait a little, then try again. Nothing was changed.',
}
const busy = {
  code: 503,
  heading: 'Very many people are signing in just now',
  message: 'Wait a few seconds, then try again. Nothing was changed.',
}
const databaseUnavailable = {
  code: 503,
  heading: 'Fieldkey cannot reach its database',
  message:
    'It usually comes back by itself: try again in a few seconds. If you were saving something, look first whether it was saved.',
}
const tooLarge = {
  code: 413,
  heading: 'That is too much',
  message: 'What was sent is larger than any form here. Nothing was changed.',
}
const unreadable = {
  code: 400,
  heading: 'That could not be read',
  message: 'What was sent is not in a form we know. Nothing was changed.',
}
const unexpected = {
  code: 500,
  heading: 'Something went wrong on our side',
  message:
    'Nothing you did caused it, and nothing was half-done. Try again; if it stays, tell your office the reference below.',
}

/** By what the system says (its names begin with E), what PostgreSQL says (classes 08 and 57P, 53300), or the driver. */
function databaseIsAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return (
    /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|57P\d\d|53300)$/.test(
      String(code),
    ) ||
    isQueryTimeout(error) ||
    /timeout exceeded when trying to connect|Connection terminated|is not queryable/.test(String(message))
  )
}

function showError(req: Request, res: Response, { code, heading, message, advice }: Answer) {
  // Undefined where it went wrong before anybody could be asked who they are; the start leads either way.
  const back =
    (req.actor as Request['actor'] | undefined) === null
      ? { href: '/sign-in', label: 'Go to Sign in' }
      : { href: '/', label: 'Go to the start' }
  renderPage(
    res,
    'errors/error',
    { title: heading, code, heading, message, advice, reference: req.reference, back },
    code,
  )
}
