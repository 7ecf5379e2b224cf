import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { isQueryTimeout } from '../db.ts'
import { log } from '../log.ts'
import { Overloaded } from '../overloaded.ts'
import { renderPage } from './render-page.ts'
import { staleNotice } from './stale-form.ts'
import { loggablePath } from './request-target.ts'
import { actorIds } from './request-log.ts'

declare global {
  interface Views {
    'errors/error': Explanation & { code: number; reference: string; back: { href: string; label: string } }
  }
}

interface Explanation {
  heading: string
  message: string
  advice?: string
}

/** A refusal that is explained to the person on an error page. */
export class Forbidden extends Error {
  readonly explanation: Explanation
  /** The event name in the process's log, from the OWASP Logging Vocabulary. */
  readonly event: 'authz_fail' | 'malicious_csrf'
  constructor(explanation: Explanation, event: Forbidden['event'] = 'authz_fail') {
    super(explanation.heading)
    this.explanation = explanation
    this.event = event
  }
}

export class NotFound extends Error {}

/** The action conflicts with another one that is in progress. */
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
    super('Too many requests')
    this.retryAfter = retryAfter
    this.explanation = explanation
  }
}

/** A form from another site, or one so old that its page is not known. */
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

/** Turns any error into a page that says what to do next, and never how the app is built. */
export const errorPage: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (res.headersSent) return abortAnswer(error, req, res)
  const answer = answerTo(req.staleForm && error instanceof NotFound ? forged() : error)
  if (answer.code === 500) log.error({ err: error, reference: req.reference }, 'unexpected error')
  const event = req.staleForm ? undefined : eventOf(error) // that form was logged before its page was shown
  if (event) {
    const path = loggablePath(req)
    log.warn({ event, reference: req.reference, ...actorIds(req), ip: req.ip, path }, 'refused')
  }
  if (answer.retryAfter !== undefined) res.set('Retry-After', String(answer.retryAfter))
  showError(req, res, answer)
}

/** If the error page itself fails: one plain line that does not say how the app is built. */
export const lastResort: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (res.headersSent) return abortAnswer(error, req, res)
  log.error({ err: error, reference: req.reference }, 'the error page failed')
  res.status(500).type('text').send(`Something went wrong on our side. Reference ${req.reference}`)
}

/** The log event of a refusal, found by the reference of its request (ASVS 16.3.2, 16.3.3). */
function eventOf(error: unknown) {
  if (error instanceof Forbidden) return error.event
  return error instanceof TooManyRequests ? 'excess_rate_limit_exceeded' : undefined
}

/** An answer that has started cannot become an error page: the connection is closed, so that the client notices. */
function abortAnswer(error: unknown, req: Request, res: Response) {
  log.error({ err: error, reference: req.reference }, 'an answer was cut off')
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
    return { ...tooManyAttempts, ...error.explanation, retryAfter: error.retryAfter }
  if (error instanceof Overloaded) return { ...busy, retryAfter: error.retryAfter }
  if (isDatabaseUnavailable(error)) return { ...databaseUnavailable, retryAfter: 5 }
  const { status } = error as { status?: unknown }
  if (status === 413) return tooLarge
  if (typeof status === 'number' && status >= 400 && status < 500) return invalidRequest
  return unexpected
}

const pageNotFound = {
  code: 404,
  heading: 'Page not found',
  message: 'The link may be old or incomplete.',
}
const tooManyAttempts = {
  code: 429,
  heading: 'Too many attempts',
  message: 'Wait a little, then try again. Nothing was changed.',
}
const busy = {
  code: 503,
  heading: 'Many people are signing in right now',
  message: 'Wait a few seconds, then try again. Nothing was changed.',
}
const databaseUnavailable = {
  code: 503,
  heading: 'Fieldkey cannot reach its database',
  message: 'Try again in a few seconds. If you were saving something, check first whether it was saved.',
}
const tooLarge = {
  code: 413,
  heading: 'Request too large',
  message: 'The form or file is larger than Fieldkey accepts. Nothing was changed.',
}
const invalidRequest = {
  code: 400,
  heading: 'Invalid request',
  message: 'Fieldkey could not read the request. Nothing was changed.',
}
const unexpected = {
  code: 500,
  heading: 'Something went wrong on our side',
  message:
    'You did not cause it, and nothing was changed halfway. Try again. If it happens again, give your office the reference below.',
}

/**
 * Whether the database is unavailable: by system errors (E…), by PostgreSQL's codes (classes 08 and 57P, 53300), or
 * by the driver's messages.
 */
function isDatabaseUnavailable(error: unknown): boolean {
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
  // `req.actor` is undefined if the error came before it was loaded.
  const back =
    (req.actor as Request['actor'] | undefined) === null
      ? { href: '/sign-in', label: 'Go to Sign in' }
      : { href: '/', label: 'Go to the start' }
  // A form that is refused cannot be sent again.
  const onlyThis = req.staleForm ? { flash: { ...staleNotice(req.reference), text: '' } } : {}
  renderPage(
    res,
    'errors/error',
    { title: heading, code, heading, message, advice, reference: req.reference, back, ...onlyThis },
    code,
  )
}
